using System.CommandLine;
using System.CommandLine.Parsing;
using Subbyte.Cli.Verbs;

namespace Subbyte.Cli;

/// <summary>The <c>subbyte</c> command: parses, runs a verb, and turns failures into one line and an exit code.</summary>
public static class SubbyteCommand
{
    /// <summary>Runs a command line.</summary>
    /// <param name="args">The arguments after the program's name.</param>
    /// <returns>0 done; 1 a check does not hold; 2 bad usage or input; 130 cancelled.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        using var interruption = new Interruption();
        try
        {
            var parsed = Build().Parse(args.Length == 0 ? ["--help"] : args);
            if (UsageError(parsed) is { } error) return Fail(error);
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, interruption.Token);
        }
        catch (UserErrorException error)
        {
            return Fail(error.Message);
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("cancelled");
            return ExitCodes.Cancelled;
        }
        catch (OutOfMemoryException)
        {
            return Fail("there is not enough memory for this network at this batch; close other programs or use --threads 1");
        }
        catch (IOException failure)
        {
            return Fail(failure.Message);
        }
    }

    private static RootCommand Build() => new("Neural networks below eight bits: which low-bit method keeps a network's accuracy, what each one costs, and how the winner runs.")
    {
        CompareVerb.Create(),
        EvalVerb.Create(),
        QuantizeVerb.Create(),
        PackVerb.Create(),
        RunVerb.Create(),
        TrainVerb.Create(),
        InspectVerb.Create(),
        CheckVerb.Create(),
        VerifyVerb.Create(),
        ReproduceVerb.Create(),
        SearchVerb.Create(),
        SweepVerb.Create(),
        MethodsVerb.Create(),
        DataVerb.Create(),
        BenchVerb.Create(),
        SimulateVerb.Create(),
        RtlVerb.Create(),
    };

    /// <summary>What is wrong with a command line, in one line, or null.</summary>
    private static string? UsageError(ParseResult parsed)
    {
        if (parsed.Tokens.Any(token => token.Value is "--help" or "-h" or "-?")) return null;
        var command = parsed.CommandResult.Command;
        var help = command is RootCommand ? "'subbyte --help' lists the verbs" : $"'subbyte {FullName(parsed.CommandResult)} --help' shows what it takes";
        // An argument may begin with one dash ("-" is standard output), an option that nobody knows begins with two.
        if (parsed.Tokens.FirstOrDefault(token => token.Type == TokenType.Argument && token.Value.StartsWith("--", StringComparison.Ordinal)) is { } unknown)
            return $"there is no option '{unknown.Value}'; {help}";
        if (parsed.Errors.Count == 0) return null;
        if (command.Subcommands.Count > 0 && parsed.UnmatchedTokens.Count > 0) return $"there is no verb '{parsed.UnmatchedTokens[0]}'; {help}";
        return $"{parsed.Errors[0].Message.ReplaceLineEndings(" ").Replace('\t', ' ').TrimEnd('.')}; {help}";
    }

    /// <summary>A verb's name with that of the verb that it belongs to, such as "data get".</summary>
    private static string FullName(CommandResult verb) => verb.Parent is CommandResult { Command: not RootCommand } outer ? $"{FullName(outer)} {verb.Command.Name}" : verb.Command.Name;

    private static int Fail(string message)
    {
        Console.Error.WriteLine($"subbyte: {message.ReplaceLineEndings(" ")}");
        return ExitCodes.BadInput;
    }
}
