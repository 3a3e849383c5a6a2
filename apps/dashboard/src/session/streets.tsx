/** A few streets of a made-up town with its vans on them: the product in one picture. */
export function Streets() {
  return (
    <svg viewBox="0 0 800 900" preserveAspectRatio="xMidYMid slice" role="presentation">
      <path d="M-20 690C140 640 190 720 330 700s190-120 330-110 120 60 180 40v300H-20z" fill="var(--accent-soft)" />
      <g fill="none" stroke="var(--hair)" strokeLinecap="round">
        <path strokeWidth="16" d="M-20 250C180 220 260 330 420 320S700 180 840 210" />
        <path strokeWidth="16" d="M250-20C270 180 200 320 260 470S420 720 400 930" />
        <g strokeWidth="7">
          <path d="M-20 100C160 90 360 120 840 60M-20 420C140 400 240 420 330 480S620 520 840 430" />
          <path d="M560-20c-10 160 40 240 20 330s-60 150-20 280 20 200 30 340M110-20c10 200-30 400 10 560s-20 260 0 390" />
          <path d="M700-20c20 120-20 260 20 420s0 340 30 530M-20 580c160-20 240 30 380 0s300-40 480 0" />
        </g>
        <g strokeWidth="3">
          <path d="M170 100v330M320 95l20 210M400 90l40 230M480 80l20 220M640 70l10 150M60 250v180M420 330l50 170M520 300l20 200" />
          <path d="M-20 180h260M260 180h310M580 150h240M120 340h110M260 400h310M580 350h150M130 500h150M590 400h120" />
        </g>
      </g>
      <g stroke="var(--panel)" strokeWidth="3" strokeLinejoin="round">
        <Van x={430} y={317} turn={80} color="var(--live)" />
        <Van x={239} y={246} turn={186} color="var(--live)" />
        <Van x={566} y={420} turn={200} color="var(--live)" />
        <Van x={706} y={300} turn={5} color="var(--live)" />
        <circle cx={118} cy={470} r={8} fill="var(--still)" />
        <circle cx={352} cy={102} r={8} fill="var(--still)" />
      </g>
      <g fill="var(--panel)" stroke="var(--dark)" strokeWidth="3" strokeLinecap="round">
        <circle cx={634} cy={508} r={20} fill="none" opacity={0.35} />
        <circle cx={634} cy={508} r={10} />
        <path d="m630 504 8 8m0-8-8 8" />
      </g>
    </svg>
  );
}

type VanProps = { readonly x: number; readonly y: number; readonly turn: number; readonly color: string };

function Van({ x, y, turn, color }: VanProps) {
  return <path transform={`translate(${x} ${y}) rotate(${turn})`} d="M0-14 11 12 0 7-11 12z" fill={color} />;
}
