using System.CommandLine;
using Spectre.Console;
using Subbyte.Calibration;
using Subbyte.Experiments;
using Subbyte.Experiments.Verification;
using Subbyte.Methods;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Cli.Verbs;

/// <summary><c>subbyte verify --packed</c>: which recipes pack on a network, as what, and whether sessions answer as the emulation.</summary>
internal static class PackedRecipes
{
    private const int DefaultSamples = 2;

    private const int NoiseOfCalibration = 16;

    /// <summary>Packs the recipes, compares, prints the table, writes JSON and comma-separated values where asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="task">Network and data; without data, seeded noise.</param>
    /// <param name="values">Options that every verb has.</param>
    /// <param name="recipes">The recipes.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>The exit code.</returns>
    public static int Verify(ParseResult parsed, TaskOptions task, CommonValues values, IReadOnlyList<Recipe> recipes, CancellationToken cancellation)
    {
        var count = task.Limit(parsed) ?? DefaultSamples;
        var (model, network, calibrator, samples) = Open(parsed, task, values, count);
        var document = Terminal.WithProgress(values.Quiet, step => PackedVerification.Run(Path.GetFileName(model), network, recipes, calibrator, samples, Math.Min(count, samples.Count), values.Threads, step("recipes packed and compared"), cancellation));
        if (values.PrintsTable) Print(document);
        values.WriteJson(() => DocumentJson.Write(document, omitNulls: true));
        values.WriteCsv(document.Cases.Select(each => new { each.Recipe, status = $"{each.Status}".ToLowerInvariant(), each.Reason, each.Products, each.WeightBits, each.LowestWeightBits, each.Bytes }));
        return document.Failed > 0 ? ExitCodes.CheckFailed : ExitCodes.Done;
    }

    private static (string Model, Networks.Network Network, Calibrator Calibrator, Networks.ISampleSource Samples) Open(ParseResult parsed, TaskOptions options, CommonValues values, int count)
    {
        if (options.NamesData(parsed))
        {
            var task = options.Load(parsed, values, needsCalibration: true);
            if (task.IsText) throw new UserErrorException("--packed takes samples that stand alone, which the words of a text are not");
            return (task.ModelFile, task.Network, new Calibrator(task.CalibrationSamples!, task.CalibrationCount, values.Threads), task.Samples);
        }

        var model = options.Model(parsed) ?? throw new UserErrorException("nothing to pack: give MODEL or --workload");
        if (PackedModel.IsOne(model)) throw new UserErrorException($"{model} is packed already; give the network that recipes are to be packed on, or leave --packed out");
        var network = NetworkFile.Load(model);
        if (network.Inputs is [{ ElementType: not ElementType.Float32 }, ..]) throw new UserErrorException("--packed takes samples that stand alone, which the words of a text are not");
        int[] shape = ExecutionPlan.Compile(network).InputType.Dimensions[1..].ToArray();
        return (model, network, new Calibrator(new NormalSamples(shape, NoiseOfCalibration, values.Seed + 1), NoiseOfCalibration, values.Threads), new NormalSamples(shape, count, values.Seed));
    }

    private static void Print(PackedVerification document)
    {
        var table = new Table { Border = TableBorder.Rounded }.AddColumns("recipe", "", "layers", "bits a weight", "least", "file");
        for (var i = 3; i < table.Columns.Count; i++) table.Columns[i].Alignment = Justify.Right;
        foreach (var each in document.Cases.Where(each => each.Status != CaseStatus.Unsupported))
        {
            table.AddRow(
                Terminal.Plain(each.Recipe),
                each.Status == CaseStatus.Passed ? "same bits" : "DIFFERS",
                each.Products ?? "",
                $"{each.WeightBits:0.00}",
                $"{each.LowestWeightBits:0.00}",
                Quantity.Memory.Format(each.Bytes ?? 0));
        }

        Terminal.Out.Write(table);
        foreach (var each in document.Cases.Where(each => each.Reason is not null)) Console.Out.WriteLine($"{(each.Status == CaseStatus.Failed ? "DIFFERS" : "not packed")} {each.Recipe}: {each.Reason}");
        Console.Out.WriteLine($"{document.Cases.Count} recipes on {document.Model}: {document.Passed} pack and give the emulation's bits on {document.Samples} samples ({string.Join(", ", document.InstructionSets)}), {document.Failed} differ, {document.Cases.Count - document.Passed - document.Failed} do not pack");
    }
}
