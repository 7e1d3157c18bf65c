using System.CommandLine;
using System.Text.Json;
using Subbyte.Experiments;
using Subbyte.Experiments.Verification;
using Subbyte.Methods;
using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Onnx;

namespace Subbyte.Cli.Verbs;

/// <summary><c>subbyte verify</c>: our executor against itself, ONNX Runtime and ONNX's own operator cases.</summary>
internal static class VerifyVerb
{
    private const string Description = """
        With MODEL: runs the network on every instruction set of the machine, with one thread and with several, and holds the outputs to
        be the same bytes; then holds them against ONNX Runtime, where it is found. Without data, seeded noise is the input. A packed
        network (.subbyte) is held to itself on noise.
        With --test-data: runs a tree of operator cases in the layout of ONNX's backend tests and counts those that passed, failed or
        are not supported. With --operators: generates models of one operator each and holds our executor against ONNX Runtime on them.
        With --packed: packs recipes on the network, says which layers became what, and holds sessions to the emulation's bits.
        Ends with code 1 when something does not hold.

        Examples:
          subbyte verify resnet20.int8.onnx
          subbyte verify --workload cifar10-resnet20 --limit 100
          subbyte verify --test-data onnx/backend/test/data --json conformance.json
          subbyte verify --operators --markdown conformance.md
          subbyte verify resnet20.onnx --packed --methods "int4; mlt:w=2; log:bits=4"
        """;

    private const int DefaultSamples = 32;

    /// <summary>Creates the verb.</summary>
    /// <returns>The verb.</returns>
    public static Command Create()
    {
        var (common, task) = (new CommonOptions { HasTable = true }, new TaskOptions());
        var testData = new Option<string?>("--test-data") { Description = "folder of cases: model.onnx, test_data_set_0/input_0.pb, output_0.pb", HelpName = "DIR" };
        var operators = new Option<bool>("--operators") { Description = "generated models of one operator each, in our executor and in ONNX Runtime" };
        var markdown = new Option<string?>("--markdown") { Description = "with --operators: write a page with the table of operators to FILE", HelpName = "FILE" };
        var packed = new Option<bool>("--packed") { Description = "recipes as packed networks, beside their emulation" };
        var methods = new Option<string?>("--methods", "--method") { Description = "with --packed: recipes separated by semicolons; every method's examples when absent", HelpName = "\"A; B\"" };
        var runtime = new Option<string?>("--onnxruntime") { Description = "folder that holds node_modules/onnxruntime-node", HelpName = "DIR" };
        var verb = new Command("verify", Description) { testData, operators, packed, methods, markdown, runtime };
        task.AddTo(verb);
        common.AddTo(verb);
        verb.SetAction((parsed, cancellation) =>
        {
            var values = common.Read(parsed);
            var kinds = new[] { parsed.GetValue(testData) is not null, parsed.GetValue(operators), task.NamesModel(parsed) };
            if (parsed.GetValue(methods) is not null && !parsed.GetValue(packed)) throw new UserErrorException("--methods belongs to --packed, which packs those recipes");
            if (parsed.GetValue(packed) && (kinds[0] || kinds[1])) throw new UserErrorException("--packed takes a network, not --test-data or --operators");
            if (kinds.Count(given => given) > 1) throw new UserErrorException("give one of MODEL, --test-data and --operators");
            if (parsed.GetValue(operators)) return Task.FromResult(GeneratedOperators.Verify(values, parsed.GetValue(runtime), parsed.GetValue(markdown), cancellation));
            if (parsed.GetValue(packed)) return Task.FromResult(PackedRecipes.Verify(parsed, task, values, parsed.GetValue(methods) is { } text ? Recipe.ParseMany(text) : CompareVerb.Showcase(), cancellation));
            var document = parsed.GetValue(testData) is { } folder
                ? RunCases(folder, values, cancellation)
                : RunNetwork(parsed, task, values, OnnxRuntimeProcess.Find(parsed.GetValue(runtime)), cancellation);
            if (values.PrintsTable) Print(document, onlyProblems: parsed.GetValue(testData) is not null);
            values.WriteJson(document.ToJson);
            values.WriteCsv(document.Cases.Select(result => new { result.Name, status = JsonNamingPolicy.CamelCase.ConvertName($"{result.Status}"), result.Reason, result.MaxError }));
            return Task.FromResult(document.Failed > 0 ? ExitCodes.CheckFailed : ExitCodes.Done);
        });
        return verb;
    }

    private static ConformanceDocument RunNetwork(ParseResult parsed, TaskOptions options, CommonValues values, OnnxRuntimeProcess? runtime, CancellationToken cancellation)
    {
        var count = options.Limit(parsed) ?? DefaultSamples;
        if (options.Model(parsed) is { } file && PackedModel.IsOne(file))
            return Terminal.WithProgress(values.Quiet, step => NetworkVerification.RunPacked(file, count, values.Seed, values.Threads, step("instruction sets, callers"), cancellation));
        var (model, network, samples) = Open(parsed, options, values, count);
        return Terminal.WithProgress(values.Quiet, step => NetworkVerification.Run(model, network, samples, Math.Min(count, samples.Count), values.Threads, runtime, step("instruction sets, thread counts, ONNX Runtime"), cancellation));
    }

    private static (string Model, Network Network, ISampleSource Samples) Open(ParseResult parsed, TaskOptions options, CommonValues values, int count)
    {
        if (options.NamesData(parsed))
        {
            var task = options.Load(parsed, values, needsCalibration: false);
            if (task.IsText) throw new UserErrorException("verify takes samples that stand alone, which the words of a text are not; 'subbyte quantize --method fp32 --verify' holds such a network to ONNX Runtime");
            return (task.ModelFile, task.Network, task.Samples);
        }

        var model = options.Model(parsed) ?? throw new UserErrorException("nothing to verify: give MODEL, --workload, or --test-data DIR");
        var network = OnnxNetwork.Load(model);
        return (model, network, new NormalSamples(ExecutionPlan.Compile(network).InputType.Dimensions[1..].ToArray(), count, values.Seed));
    }

    private static ConformanceDocument RunCases(string folder, CommonValues values, CancellationToken cancellation)
    {
        var folders = OperatorCase.Find(folder);
        return Terminal.WithProgress(values.Quiet, step =>
        {
            var progress = step("operator cases");
            var results = new List<CaseResult>(folders.Count);
            foreach (var path in folders)
            {
                cancellation.ThrowIfCancellationRequested();
                results.Add(OperatorCase.Run(path));
                progress?.Invoke(new EvaluationProgress(results.Count, folders.Count));
            }

            return new ConformanceDocument(results);
        });
    }

    private static void Print(ConformanceDocument document, bool onlyProblems)
    {
        foreach (var result in document.Cases.Where(result => !onlyProblems || result.Status != CaseStatus.Passed).OrderBy(result => onlyProblems ? result.Status : 0))
            Console.Out.WriteLine($"{Word(result.Status)} {result.Name}{(result.Reason is null ? "" : ": " + result.Reason)}{(result.MaxError is > 0 ? $" (largest difference {result.MaxError:G3})" : "")}");
        Console.Out.WriteLine($"{document.Passed} passed, {document.Failed} failed, {document.Unsupported} unsupported of {document.Cases.Count} cases; largest error {document.Cases.Max(result => result.Status == CaseStatus.Passed ? result.MaxError ?? 0 : 0):G3} among those that passed");
    }

    private static string Word(CaseStatus status) => status switch
    {
        CaseStatus.Failed => "FAILED     ",
        CaseStatus.Passed => "passed     ",
        _ => "unsupported",
    };
}
