declare module "workerd" {
  const workerd: {
    /** Where the executable is. */
    readonly default: string;
  };
  // oxlint-disable-next-line import/no-default-export -- a CommonJS module
  export default workerd;
}
