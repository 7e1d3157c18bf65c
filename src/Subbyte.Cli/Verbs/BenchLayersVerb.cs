using System.CommandLine;
using Spectre.Console;
using Subbyte.Experiments;

namespace Subbyte.Cli.Verbs;

/// <summary><c>subbyte bench layers</c>: our kernels on layer shapes.</summary>
internal static class BenchLayersVerb
{
    private const string Description = """
        Times single layers in several formats with one thread, from float input to float output, and says which share of the machine's
        limit each reaches. Presets: resnet18 and resnet20 (their 3×3 layers at batch 1), matmul (256, 512 and 1024 cubed).

        Examples:
          subbyte bench layers --preset resnet18 --against onnxruntime
          subbyte bench layers --preset matmul --formats "fp32,int8,ternary-u8" --isa avx2 --csv layers.csv
        """;

    /// <summary>Creates the verb.</summary>
    /// <returns>The verb.</returns>
    public static Command Create()
    {
        var common = new CommonOptions { HasTable = true };
        var preset = new Option<string>("--preset") { Description = string.Join(", ", LayerShape.Presets.Keys), DefaultValueFactory = _ => "resnet18", HelpName = "NAME" };
        preset.AcceptOnlyFromAmong([.. LayerShape.Presets.Keys]);
        var formats = new Option<string?>("--formats") { Description = $"formats separated by commas, of {string.Join(", ", LayerBenchmark.Formats.Keys)}; all when absent", HelpName = "LIST" };
        var (against, folder, milliseconds) = (BenchVerb.Against(), BenchVerb.Folder(), BenchVerb.Milliseconds());
        var report = BenchVerb.Report();
        var verb = new Command("layers", Description) { preset, formats, against, folder, milliseconds, report };
        common.AddTo(verb);
        verb.SetAction((parsed, cancellation) =>
        {
            var values = common.Read(parsed);
            var names = Formats(parsed.GetValue(formats));
            var page = BenchVerb.Page(parsed.GetValue(report));
            var time = BenchVerb.Time(parsed.GetValue(milliseconds));
            var rival = BenchVerb.Rival(parsed.GetValue(against), parsed.GetValue(folder));
            var results = new List<LayerTiming>();
            foreach (var shape in LayerShape.Presets[parsed.GetValue(preset)!])
            {
                values.Remark(shape.Name);
                results.AddRange(LayerBenchmark.Run(shape, names, time, rival, cancellation));
            }

            if (values.PrintsTable) Print(results);
            var document = new BenchmarkDocument<LayerTiming> { Kind = "layers", Machine = MachineDescription.Of(1), Results = results };
            values.WriteJson(document.ToJson);
            values.WriteCsv(results);
            if (page is not null) Files.WriteAtomically(page, stream => BenchmarkReport.Write(document, stream));
            return Task.FromResult(ExitCodes.Done);
        });
        return verb;
    }

    private static IReadOnlyList<string> Formats(string? text)
    {
        if (text is null) return [.. LayerBenchmark.Formats.Keys];
        var names = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (names.Length == 0 || names.FirstOrDefault(name => !LayerBenchmark.Formats.ContainsKey(name)) is not null)
            throw new UserErrorException($"--formats '{text}' must name some of {string.Join(", ", LayerBenchmark.Formats.Keys)}");
        return names;
    }

    private static void Print(IEnumerable<LayerTiming> results)
    {
        var table = new Table { Border = TableBorder.Rounded };
        foreach (var heading in new[] { "layer", "by", "format", "kernel", "ms", "median", "GMAC/s", "of peak", "packed ms", "vs fp32", "vs int8", "vs exact int8" })
            table.AddColumn(new TableColumn(heading) { Alignment = heading is "layer" or "by" or "format" or "kernel" ? Justify.Left : Justify.Right, NoWrap = true });
        foreach (var result in results)
        {
            table.AddRow(
                result.Layer,
                result.Runner,
                result.Format,
                result.Kernel ?? "",
                $"{result.Milliseconds:0.000}",
                $"{result.MedianMilliseconds:0.000}",
                $"{result.GigaMacsPerSecond:0.0}",
                BenchVerb.Share(result.ShareOfPeak),
                result.PackedMilliseconds is { } packed ? $"{packed:0.000}" : "",
                BenchVerb.Ratio(result.SpeedupOverOnnxRuntimeFp32),
                BenchVerb.Ratio(result.SpeedupOverOnnxRuntimeInt8),
                BenchVerb.Ratio(result.SpeedupOverOnnxRuntimeExactInt8));
        }

        Terminal.Out.Write(table);
        Console.Out.WriteLine("milliseconds are the shortest run, float to float, 'packed' ones from packed codes to packed codes; 'vs' is ONNX Runtime's shortest run by this one");
    }
}
