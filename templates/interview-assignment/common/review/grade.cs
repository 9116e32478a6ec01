// Hands out and grades. README.md of the kit has the commands.
return await Command.RunAsync(args);
