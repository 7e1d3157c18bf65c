using System.CommandLine;
using System.Globalization;
using Subbyte.Experiments;
using Subbyte.Experiments.Reproduction;
using Subbyte.Experiments.Search;
using Subbyte.Methods;

namespace Subbyte.Cli;

/// <summary>Options of <c>search</c>: what is searched, among what, and how long.</summary>
internal sealed class SearchArguments
{
    private const string Mixed = "mixed";

    private readonly Option<string?> _methods = new("--methods") { Description = "what a layer may be made: recipes of layer methods, separated by semicolons; when absent, the examples of every method that needs no long fitting", HelpName = "\"A; B\"" };
    private readonly Option<double> _maxLoss = new("--max-loss") { Description = "loss that is allowed: percentage points of accuracy, for a text points of perplexity", DefaultValueFactory = _ => 0.5, HelpName = "POINTS", CustomParser = result => double.TryParse(result.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN };
    private readonly Option<string> _algorithm = new("--algorithm") { Description = $"mixed, a method for each layer; or {FpecSearch.Name}, the formats of a compensated network", DefaultValueFactory = _ => Mixed, HelpName = "NAME" };
    private readonly Option<string?> _objective = new("--objective") { Description = $"cost to make small: {string.Join(", ", Objective.Names)}, or an operation's name; energy when absent, of {FpecSearch.Name} {FpecSearch.Objective.Name}", HelpName = "COST" };
    private readonly Option<string?> _with = new("--with") { Description = "passes and settings of every recipe, such as output-correction or prune:sparsity=0.3", HelpName = "STEPS" };
    private readonly Option<string?> _decide = new("--decide") { Description = "data that decide; the last calibration samples when absent", HelpName = "DATA" };
    private readonly Option<int?> _decideSamples = new("--decide-samples") { Description = "samples that decide; when absent, 100 to 2,000 by the size of the network", HelpName = "N" };
    private readonly Option<int> _trials = new("--trials") { Description = "mixed recipes that are tried at most", DefaultValueFactory = _ => 150, HelpName = "N" };
    private readonly Option<string?> _folder = new("--out") { Description = "folder for recipe.txt, search.json and report.html", HelpName = "DIR" };
    private readonly Option<string> _store = new("--store") { Description = "folder where results are kept", DefaultValueFactory = _ => ResultStore.DefaultFolder, HelpName = "DIR" };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "print the candidates, and stop" };

    /// <summary>Adds the options to the verb.</summary>
    /// <param name="verb">The verb.</param>
    public void AddTo(Command verb)
    {
        _algorithm.AcceptOnlyFromAmong(Mixed, FpecSearch.Name);
        foreach (var option in new Option[] { _algorithm, _maxLoss, _objective, _methods, _with, _decide, _decideSamples, _trials, _folder, _store, _dryRun }) verb.Options.Add(option);
    }

    /// <summary>Reads what is searched.</summary>
    /// <param name="parsed">The command line.</param>
    /// <returns>The options.</returns>
    /// <exception cref="UserErrorException">A value is out of range or a recipe is not one.</exception>
    public SearchOptions Read(ParseResult parsed)
    {
        var (maxLoss, trials) = (parsed.GetValue(_maxLoss), parsed.GetValue(_trials));
        if (!(maxLoss is >= 0 and <= 1e6)) throw new UserErrorException("--max-loss must be a number of points, at least 0, such as 0.5");
        if (trials < 1) throw new UserErrorException($"--trials must be at least 1, not {trials}");
        var named = parsed.GetValue(_methods) is { } text ? Recipe.ParseMany(text) : null;
        return new SearchOptions
        {
            Candidates = named?.Where(recipe => recipe.Steps.Count > 0).ToArray() ?? (IsMixed(parsed) ? CandidateLists.Default : []),
            ScreensCandidates = named is null,
            With = parsed.GetValue(_with) is { } with ? Recipe.Parse(with) : Recipe.Float,
            Objective = parsed.GetValue(_objective) is { } objective ? Objective.Find(objective) : IsMixed(parsed) ? Objective.Find("energy") : FpecSearch.Objective,
            MaxLoss = maxLoss,
            Trials = trials,
        };
    }

    /// <summary>Name of the algorithm.</summary>
    /// <param name="parsed">The command line.</param>
    /// <returns>The name.</returns>
    public string Algorithm(ParseResult parsed) => parsed.GetValue(_algorithm)!;

    /// <summary>Searches with the algorithm that was asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="task">Network and samples.</param>
    /// <param name="options">What is looked for.</param>
    /// <param name="store">Where results are kept.</param>
    /// <param name="step">Told of each stage.</param>
    /// <param name="cancellation">Stops the search.</param>
    /// <returns>What was found.</returns>
    public SearchOutcome Run(ParseResult parsed, SearchTask task, SearchOptions options, ResultStore store, Func<string, Action<EvaluationProgress>?> step, CancellationToken cancellation)
        => IsMixed(parsed) ? new MixedSearch(task, options, store).Run(step, cancellation) : new FpecSearch(task, options, store).Run(step, cancellation);

    /// <summary>Data that decide, or null.</summary>
    /// <param name="parsed">The command line.</param>
    /// <returns>Their text.</returns>
    public string? Decide(ParseResult parsed) => parsed.GetValue(_decide);

    /// <summary>Samples that decide, or null.</summary>
    /// <param name="parsed">The command line.</param>
    /// <returns>Their number.</returns>
    /// <exception cref="UserErrorException">It is not positive.</exception>
    public int? DecideSamples(ParseResult parsed)
    {
        var samples = parsed.GetValue(_decideSamples);
        return samples is < 1 ? throw new UserErrorException($"--decide-samples must be at least 1, not {samples}") : samples;
    }

    /// <summary>Folder of the output, or null.</summary>
    /// <param name="parsed">The command line.</param>
    /// <returns>Its path.</returns>
    public string? Folder(ParseResult parsed) => parsed.GetValue(_folder);

    /// <summary>Folder of the store.</summary>
    /// <param name="parsed">The command line.</param>
    /// <returns>Its path.</returns>
    public string Store(ParseResult parsed) => parsed.GetValue(_store)!;

    /// <summary>Whether only the plan is wanted.</summary>
    /// <param name="parsed">The command line.</param>
    /// <returns>True when nothing is run.</returns>
    public bool IsDryRun(ParseResult parsed) => parsed.GetValue(_dryRun);

    private bool IsMixed(ParseResult parsed) => parsed.GetValue(_algorithm) == Mixed;
}
