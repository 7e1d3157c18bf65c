using Subbyte.Cli;
using Subbyte.Kernels;

namespace Subbyte.Tests.Cli;

/// <summary>What a command line gave: exit code, standard output, standard error.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Error)
{
    /// <summary>Runs the command in this process; it takes over the console and the instruction set, so nothing may run beside it.</summary>
    public static async Task<CommandRun> Of(params string[] args)
    {
        var (output, error) = (Console.Out, Console.Error);
        using var writtenOutput = new StringWriter();
        using var writtenError = new StringWriter();
        Console.SetOut(writtenOutput);
        Console.SetError(writtenError);
        try
        {
            return new CommandRun(await SubbyteCommand.RunAsync(args), writtenOutput.ToString(), writtenError.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
            Cpu.Limit(InstructionSet.Avx512);
        }
    }

    /// <summary>The command was refused: exit code 2, nothing on standard output, one line on standard error that contains the texts.</summary>
    public void ShouldBeRefused(params string[] texts)
    {
        ExitCode.ShouldBe(2, Output + Error);
        Output.ShouldBeEmpty();
        var line = Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldHaveSingleItem();
        line.ShouldStartWith("subbyte: ");
        foreach (var text in texts) line.ShouldContain(text);
    }

    /// <summary>The command was carried out.</summary>
    public CommandRun ShouldBeDone()
    {
        ExitCode.ShouldBe(0, Error);
        return this;
    }
}
