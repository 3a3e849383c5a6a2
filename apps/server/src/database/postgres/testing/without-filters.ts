import {
  BinaryOperationNode,
  ColumnNode,
  type KyselyPlugin,
  type OperationNode,
  OperationNodeTransformer,
  OperatorNode,
  ReferenceNode,
  ValueNode,
} from "kysely";
import type { Database, Door } from "../../database.ts";

const isAccountColumn = (node: OperationNode): boolean =>
  ReferenceNode.is(node) && ColumnNode.is(node.column) && node.column.column.name === "account_id";

/** `account_id = 7` becomes `1 = 1`. */
class AccountFiltersAway extends OperationNodeTransformer {
  protected override transformBinaryOperation(node: BinaryOperationNode): BinaryOperationNode {
    const filters = isAccountColumn(node.leftOperand) && ValueNode.is(node.rightOperand);
    if (!filters) return super.transformBinaryOperation(node);
    return BinaryOperationNode.create(
      ValueNode.createImmediate(1),
      OperatorNode.create("="),
      ValueNode.createImmediate(1),
    );
  }
}

/**
 * The same database, where the doors of single accounts have forgotten each `where account_id = …`: what they still find, only the
 * wall keeps apart.
 */
export function withoutAccountFilters(database: Database): Database {
  const transformer = new AccountFiltersAway();
  const plugin: KyselyPlugin = {
    transformQuery: ({ node, queryId }) => transformer.transformNode(node, queryId),
    transformResult: ({ result }) => Promise.resolve(result),
  };
  const forgetful = ({ queries, transaction }: Door): Door => ({
    queries: queries.withPlugin(plugin),
    transaction: (work) => transaction((tx) => work(tx.withPlugin(plugin))),
  });
  return Object.create(database, {
    forAccount: { value: (accountId: number) => forgetful(database.forAccount(accountId)) },
    // A getter reads the database's own.
    state: { get: () => database.state },
  }) as Database;
}
