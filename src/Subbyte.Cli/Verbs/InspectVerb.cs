using System.CommandLine;
using Spectre.Console;
using Subbyte.Experiments;

namespace Subbyte.Cli.Verbs;

/// <summary><c>subbyte inspect</c>: layers, shapes, multiply-accumulates and value statistics of a network.</summary>
internal static class InspectVerb
{
    private const string Description = """
        Shows a network's layers, shapes, multiply-accumulates and the statistics of its weights: sparsity, kurtosis, mean number of
        signed-digit terms of the 8-bit codes.

        Examples:
          subbyte inspect resnet20.onnx
          subbyte inspect resnet20.onnx --json layers.json
          subbyte inspect resnet20.subbyte
        """;

    /// <summary>Creates the verb.</summary>
    /// <returns>The verb.</returns>
    public static Command Create()
    {
        var common = new CommonOptions { HasTable = true };
        var model = new Argument<string>("MODEL") { Description = "the ONNX file, a word language model's .npz, or a packed .subbyte" };
        var verb = new Command("inspect", Description) { model };
        common.AddTo(verb);
        verb.SetAction(parsed =>
        {
            var values = common.Read(parsed);
            if (PackedModel.IsOne(parsed.GetValue(model)!)) return InspectPacked(values, PackedModel.Load(parsed.GetValue(model)!));
            var network = NetworkFile.Load(parsed.GetValue(model)!);
            var inspection = NetworkInspection.Of(network);
            if (values.PrintsTable) Print(inspection);
            values.WriteJson(() => DocumentJson.Write(inspection));
            values.WriteCsv(inspection.Layers);
            return ExitCodes.Done;
        });
        return verb;
    }

    private static int InspectPacked(CommonValues values, PackedModel model)
    {
        var inspection = PackedInspection.Of(model);
        if (values.PrintsTable) Print(inspection);
        values.WriteJson(() => DocumentJson.Write(inspection, omitNulls: true));
        values.WriteCsv(inspection.Layers);
        return ExitCodes.Done;
    }

    private static void Print(PackedInspection inspection)
    {
        Terminal.Out.WriteLine($"{inspection.Name}: {Quantity.Memory.Format(inspection.FileBytes)} (weights and biases in fp32 {Quantity.Memory.Format(inspection.FloatBytes)}, in INT8 {Quantity.Memory.Format(inspection.Int8Bytes)}), {Quantity.Memory.Format(inspection.RunBytes)} a run, input {string.Join('×', inspection.Input)}, output {string.Join('×', inspection.Output)}{(inspection.States.Count > 0 ? $", states {string.Join(", ", inspection.States.Select(state => string.Join('×', state)))}" : "")}");
        foreach (var (key, text) in inspection.Metadata) Terminal.Out.WriteLine($"{key}: {text}");
        var table = new Table { Border = TableBorder.Rounded };
        foreach (var heading in new[] { "step", "does", "kernel here", "MACs", "weights", "bits a weight", "zeros", "zero words", "elements" })
            table.AddColumn(new TableColumn(heading) { Alignment = heading is "step" or "does" or "kernel here" ? Justify.Left : Justify.Right });
        foreach (var layer in inspection.Layers)
            table.AddRow(Terminal.Plain(layer.Name), layer.Kind, layer.Kernel ?? "", layer.Macs == 0 ? "" : Quantity.Count.Format(layer.Macs), layer.Weights == 0 ? "" : Quantity.Count.Format(layer.Weights), layer.WeightBits is { } bits ? $"{bits:0.00}" : "", layer.ZeroWeights is { } zeros ? $"{zeros:P1}" : "", layer.ZeroWords is { } words ? $"{words:P1}" : "", Quantity.Count.Format(layer.Outputs));
        Terminal.Out.Write(table);
    }

    private static void Print(NetworkInspection inspection)
    {
        Terminal.Out.WriteLine($"{inspection.Name}: opset {inspection.Opset}, {Quantity.Count.Format(inspection.Parameters)} parameters, {Quantity.Count.Format(inspection.Macs)} MACs a sample");
        Terminal.Out.WriteLine($"inputs: {string.Join("; ", inspection.Inputs)}   outputs: {string.Join("; ", inspection.Outputs)}");
        Terminal.Out.WriteLine($"operators: {string.Join(", ", inspection.Operators.Select(pair => $"{pair.Key} ×{pair.Value}"))}");
        var table = new Table { Border = TableBorder.Rounded };
        foreach (var heading in new[] { "layer", "kind", "positions", "outputs", "depth", "MACs", "sparsity", "kurtosis", "largest", "terms" })
            table.AddColumn(new TableColumn(heading) { Alignment = heading is "layer" or "kind" ? Justify.Left : Justify.Right });
        foreach (var layer in inspection.Layers)
        {
            table.AddRow(Terminal.Plain(layer.Name), layer.Kind, $"{layer.N}", $"{layer.M}", $"{layer.K}", Quantity.Count.Format(layer.Macs), $"{layer.Sparsity:P1}", $"{layer.Kurtosis:0.00}", $"{layer.LargestWeight:G3}", $"{layer.MeanTerms:0.00}");
        }

        Terminal.Out.Write(table);
    }
}
