using System.CommandLine;
using Subbyte.Experiments;

namespace Subbyte.Cli.Verbs;

/// <summary><c>subbyte bench</c>: what the machine can do, and what share of it the kernels and networks reach.</summary>
internal static class BenchVerb
{
    /// <summary>The only rival that there is.</summary>
    public const string OnnxRuntime = "onnxruntime";

    private const string Description = """
        Measures the limits of this machine, our kernels on layers, whole networks, alone or against ONNX Runtime, and what the emulation
        of each method costs, and how long the weights of Bit-Split take to find. Contenders take turns in short blocks; the shortest run counts, the median stands beside it.

        Examples:
          subbyte bench peak
          subbyte bench layers --preset resnet18 --against onnxruntime
          subbyte bench network resnet20.onnx --method int8 --against onnxruntime
          subbyte bench shape resnet18 --method "si-bnn:except=*shortcut*" --against onnxruntime
          subbyte bench methods resnet20.onnx
          subbyte bench solvers resnet20.onnx
          subbyte bench simulate
        """;

    /// <summary>Creates the verb.</summary>
    /// <returns>The verb.</returns>
    public static Command Create() => new("bench", Description) { BenchPeakVerb.Create(), BenchLayersVerb.Create(), BenchNetworkVerb.Create(), BenchShapeVerb.Create(), BenchMethodsVerb.Create(), BenchSolversVerb.Create(), BenchSimulateVerb.Create() };

    /// <summary>The option <c>--against</c>.</summary>
    /// <returns>The option.</returns>
    public static Option<string?> Against()
    {
        var option = new Option<string?>("--against") { Description = "race ONNX Runtime in fp32 and INT8", HelpName = OnnxRuntime };
        option.AcceptOnlyFromAmong(OnnxRuntime);
        return option;
    }

    /// <summary>The option <c>--onnxruntime</c>.</summary>
    /// <returns>The option.</returns>
    public static Option<string?> Folder() => new("--onnxruntime") { Description = "folder that holds node_modules/onnxruntime-node", HelpName = "DIR" };

    /// <summary>The option <c>--milliseconds</c>.</summary>
    /// <returns>The option.</returns>
    public static Option<int> Milliseconds() => new("--milliseconds") { Description = "time given to each contender", DefaultValueFactory = _ => 1000, HelpName = "N" };

    /// <summary>The option <c>--batch</c>.</summary>
    /// <returns>The option.</returns>
    public static Option<int> Batch() => new("--batch") { Description = "samples of one run", DefaultValueFactory = _ => 1, HelpName = "N" };

    /// <summary>The option <c>--report</c>.</summary>
    /// <returns>The option.</returns>
    public static Option<string?> Report() => new("--report") { Description = "write an HTML page with bar charts to FILE", HelpName = "FILE" };

    /// <summary>The page that is to be written.</summary>
    /// <param name="path">Value of <c>--report</c>.</param>
    /// <returns>Its path, or null.</returns>
    /// <exception cref="UserErrorException">Its folder cannot be written.</exception>
    public static string? Page(string? path)
    {
        if (path is not null) OutputFolders.RequireWritable(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return path;
    }

    /// <summary>A number of samples.</summary>
    /// <param name="batch">Value of <c>--batch</c>.</param>
    /// <returns>The number.</returns>
    /// <exception cref="UserErrorException">It is out of range.</exception>
    public static int Samples(int batch) => batch is >= 1 and <= 4096 ? batch : throw new UserErrorException($"--batch must lie in 1..4096, not {batch}");

    /// <summary>Finds ONNX Runtime when it is to be raced.</summary>
    /// <param name="against">Value of <c>--against</c>.</param>
    /// <param name="folder">Value of <c>--onnxruntime</c>.</param>
    /// <returns>ONNX Runtime, or null when it was not asked for.</returns>
    /// <exception cref="UserErrorException">It was asked for and is not there.</exception>
    public static OnnxRuntimeProcess? Rival(string? against, string? folder)
        => against is null ? null : OnnxRuntimeProcess.Find(folder) ?? throw new UserErrorException($"--against needs ONNX Runtime: give --onnxruntime DIR or set {OnnxRuntimeProcess.Variable} to the folder that holds node_modules/onnxruntime-node");

    /// <summary>A time that a contender is given.</summary>
    /// <param name="milliseconds">Value of <c>--milliseconds</c>.</param>
    /// <returns>The time.</returns>
    /// <exception cref="UserErrorException">It is out of range.</exception>
    public static int Time(int milliseconds) => milliseconds is >= 1 and <= 600_000 ? milliseconds : throw new UserErrorException($"--milliseconds must lie in 1..600000, not {milliseconds}");

    /// <summary>A ratio for a table.</summary>
    /// <param name="value">The ratio, or null.</param>
    /// <returns>Such as <c>1.25×</c>.</returns>
    public static string Ratio(double? value) => value is null ? "" : $"{value:0.00}×";

    /// <summary>A share for a table.</summary>
    /// <param name="value">The share, or null.</param>
    /// <returns>Such as <c>85 %</c>.</returns>
    public static string Share(double? value) => value is null ? "" : Quantity.Percent(value.Value, 0);
}
