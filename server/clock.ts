/**
 * The clock that all processes of a machine share: ms since it was started, to the microsecond. Wall clocks jump;
 * this one only goes forward, so what two nodes report can be compared.
 */
export const now = (): number => Math.round(Number(process.hrtime.bigint()) / 1e3) / 1e3
