using Subbyte.Cli;

return await SubbyteCommand.RunAsync(args);
