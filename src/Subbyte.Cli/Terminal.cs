using Spectre.Console;
using Subbyte.Experiments;

namespace Subbyte.Cli;

/// <summary>Standard output for results, standard error for progress; colours and bars only where a person sees them.</summary>
internal static class Terminal
{
    /// <summary>Standard output.</summary>
    public static IAnsiConsole Out => Create(Console.Out, Console.IsOutputRedirected);

    private static IAnsiConsole Error => Create(Console.Error, Console.IsErrorRedirected);

    /// <summary>Runs work with a progress bar a step, when standard error is a terminal and progress is wanted.</summary>
    /// <typeparam name="T">Result.</typeparam>
    /// <param name="quiet">Whether progress is left out.</param>
    /// <param name="work">The work; it is given a function that reports a step's progress.</param>
    /// <returns>The result of the work.</returns>
    public static T WithProgress<T>(bool quiet, Func<Func<string, Action<EvaluationProgress>?>, T> work)
    {
        if (quiet) return work(_ => null);
        if (Console.IsErrorRedirected) return work(PlainStep);
        return Error.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context => work(name =>
            {
                var bar = context.AddTask(Markup.Escape(name));
                return progress =>
                {
                    bar.MaxValue = Math.Max(1, progress.Total);
                    bar.Value = progress.Done;
                };
            }));
    }

    /// <summary>Escapes text for a table cell.</summary>
    /// <param name="text">Text.</param>
    /// <returns>The text with markup escaped.</returns>
    public static string Plain(string text) => Markup.Escape(text);

    private static Action<EvaluationProgress>? PlainStep(string name)
    {
        Console.Error.WriteLine(name);
        return null;
    }

    private static IAnsiConsole Create(TextWriter writer, bool redirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = redirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = redirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        // A pipe has no width; a table must not be broken at a guess of one.
        if (redirected) console.Profile.Width = 240;
        return console;
    }
}
