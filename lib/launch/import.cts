/** `import()` for the engine: a script that is run from kept machine code cannot do it itself. */
export = (specifier: string) => import(specifier)
