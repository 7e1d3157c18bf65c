using System.CommandLine;
using Subbyte.Experiments;
using Subbyte.Experiments.Verification;

namespace Subbyte.Cli.Verbs;

/// <summary><c>subbyte verify</c>: our executor against ONNX's own operator cases.</summary>
internal static class VerifyVerb
{
    private const string Description = """
        Runs a tree of operator cases in the layout of ONNX's backend tests and counts those that passed, failed or are not supported.

        Examples:
          subbyte verify --test-data onnx/backend/test/data/node
          subbyte verify --test-data onnx/backend/test/data --json conformance.json
        """;

    /// <summary>Creates the verb.</summary>
    /// <returns>The verb.</returns>
    public static Command Create()
    {
        var common = new CommonOptions();
        var testData = new Option<string>("--test-data") { Description = "folder of cases: model.onnx, test_data_set_0/input_0.pb, output_0.pb", HelpName = "DIR", Required = true };
        var verb = new Command("verify", Description) { testData };
        common.AddTo(verb);
        verb.SetAction((parsed, cancellation) =>
        {
            var values = common.Read(parsed);
            var document = Terminal.WithProgress(values.Quiet, step => RunCases(parsed.GetValue(testData)!, step("operator cases"), cancellation));
            if (values.PrintsTable) Print(document);
            values.WriteJson(document.ToJson);
            return Task.FromResult(document.Failed > 0 ? ExitCodes.CheckFailed : ExitCodes.Done);
        });
        return verb;
    }

    private static ConformanceDocument RunCases(string folder, Action<EvaluationProgress>? progress, CancellationToken cancellation)
    {
        var folders = OperatorCase.Find(folder);
        var results = new List<CaseResult>(folders.Count);
        foreach (var path in folders)
        {
            cancellation.ThrowIfCancellationRequested();
            results.Add(OperatorCase.Run(path));
            progress?.Invoke(new EvaluationProgress(results.Count, folders.Count));
        }

        return new ConformanceDocument(results);
    }

    private static void Print(ConformanceDocument document)
    {
        foreach (var result in document.Cases.Where(result => result.Status != CaseStatus.Passed).OrderBy(result => result.Status))
            Console.Out.WriteLine($"{(result.Status == CaseStatus.Failed ? "FAILED     " : "unsupported")} {result.Name}: {result.Reason}");
        Console.Out.WriteLine($"{document.Passed} passed, {document.Failed} failed, {document.Unsupported} unsupported of {document.Cases.Count} cases; largest error {document.Cases.Max(result => result.Status == CaseStatus.Passed ? result.MaxError ?? 0 : 0):G3} among those that passed");
    }
}
