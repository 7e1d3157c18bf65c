using System.CommandLine;
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
            var parsed = Build().Parse(args);
            if (parsed.Errors.Count > 0 && !args.Any(argument => argument is "--help" or "-h" or "-?"))
                return Fail(parsed.Errors[0].Message.TrimEnd('.') + $" ('subbyte {parsed.CommandResult.Command.Name} --help' shows what it takes)".Replace("subbyte subbyte", "subbyte", StringComparison.Ordinal));
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
        InspectVerb.Create(),
        MethodsVerb.Create(),
    };

    private static int Fail(string message)
    {
        Console.Error.WriteLine($"subbyte: {message.ReplaceLineEndings(" ")}");
        return ExitCodes.BadInput;
    }
}
