using System.Text;
using Subbyte.Experiments;
using Subbyte.Experiments.Verification.Operators;

namespace Subbyte.Cli.Verbs;

/// <summary><c>subbyte verify --operators</c>: generated models of one operator each, in our executor and in ONNX Runtime.</summary>
internal static class GeneratedOperators
{
    /// <summary>Runs the comparison, prints the table and what does not agree, writes JSON and page where asked for.</summary>
    /// <param name="values">Options that every verb has.</param>
    /// <param name="runtimeFolder">Folder of ONNX Runtime, or null for the variable's.</param>
    /// <param name="markdown">File that takes the page, or null.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>The exit code.</returns>
    public static int Verify(CommonValues values, string? runtimeFolder, string? markdown, CancellationToken cancellation)
    {
        if (markdown is not null) OutputFolders.RequireWritable(Path.GetDirectoryName(Path.GetFullPath(markdown))!);
        var runtime = OnnxRuntimeProcess.Find(runtimeFolder)
            ?? throw new UserErrorException($"--operators needs ONNX Runtime: give --onnxruntime DIR or set {OnnxRuntimeProcess.Variable} to the folder that holds node_modules/onnxruntime-node");
        var document = Terminal.WithProgress(values.Quiet, step => OperatorComparison.Run(runtime, (ulong)values.Seed, step("generated operators"), cancellation));
        if (values.PrintsTable) Print(document);
        values.WriteJson(document.ToJson);
        values.WriteCsv(document.Operators);
        if (markdown is not null) Files.WriteAtomically(markdown, stream => stream.Write(Encoding.UTF8.GetBytes(document.ToPage())));
        return document.Differ > 0 ? ExitCodes.CheckFailed : ExitCodes.Done;
    }

    private static void Print(OperatorComparisonDocument document)
    {
        Console.Out.WriteLine(document.ToTable());
        foreach (var one in document.Cases.Where(one => one.Agreement is Agreement.Differs or Agreement.Unsupported).OrderBy(one => one.Agreement))
            Console.Out.WriteLine($"{(one.Agreement == Agreement.Differs ? "DIFFERS    " : "unsupported")} {one.Description}: {one.Reason}");
        Console.Out.WriteLine($"{document.Cases.Count} cases of {document.Operators.Count} operators: {document.Agree} agree, {document.Differ} differ, {document.Operators.Sum(row => row.Unsupported)} not supported here, {document.Operators.Sum(row => row.NotInOnnxRuntime)} not in ONNX Runtime");
    }
}
