/** An SVG file is imported as its text. */
declare module '*.svg' {
  const text: string;
  export default text;
}
