using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using Subbyte.Kernels;

namespace Subbyte.Experiments;

/// <summary>The result of <c>eval</c>, <c>compare</c> and their kin: everything that is needed to read it and to run it again.</summary>
public sealed record ResultDocument
{
    /// <summary>Name and version of the schema, such as <c>subbyte.compare/1</c>.</summary>
    public required string Schema { get; init; }

    /// <summary>Version of Subbyte.</summary>
    public string Version { get; init; } = typeof(ResultDocument).Assembly.GetName().Version?.ToString(3) ?? "";

    /// <summary>The network.</summary>
    public required ModelDescription Model { get; init; }

    /// <summary>The data evaluated.</summary>
    public required DataDescription Data { get; init; }

    /// <summary>The data that methods looked at, or null when none did.</summary>
    public CalibrationDescription? Calibration { get; init; }

    /// <summary>How the network was trained; null where nothing was.</summary>
    public TrainingDescription? Training { get; init; }

    /// <summary>Seed of what is random.</summary>
    public int Seed { get; init; }

    /// <summary>The machine.</summary>
    public required MachineDescription Machine { get; init; }

    /// <summary>One result a recipe.</summary>
    public required IReadOnlyList<RecipeResult> Results { get; init; }

    /// <summary>How a search came to the recipes, or null when nothing was searched.</summary>
    public Search.SearchDescription? Search { get; init; }

    /// <summary>The document as JSON.</summary>
    /// <returns>Indented JSON with a final line feed.</returns>
    public string ToJson() => DocumentJson.Write(this, omitNulls: true);
}

/// <summary>A network.</summary>
/// <param name="File">File name.</param>
/// <param name="Sha256">SHA-256 of the file.</param>
/// <param name="Macs">Multiply-accumulates of its dot-product layers for one sample.</param>
/// <param name="Parameters">Number of float parameters.</param>
/// <param name="Preprocessing">How raw values become inputs.</param>
public sealed record ModelDescription(string File, string Sha256, long Macs, long Parameters, string Preprocessing);

/// <summary>A data set.</summary>
/// <param name="Spec">As given.</param>
/// <param name="Split">Split.</param>
/// <param name="Samples">Samples used.</param>
/// <param name="Sha256">SHA-256 of the raw samples and labels.</param>
public sealed record DataDescription(string Spec, string Split, int Samples, string Sha256);

/// <summary>Calibration data.</summary>
/// <param name="Spec">As given, or what was used when nothing was given.</param>
/// <param name="Samples">Samples used.</param>
/// <param name="Sha256">SHA-256 of the raw samples.</param>
/// <param name="EvaluatedToo">How many of them are among the evaluated samples; 0 in an honest comparison.</param>
public sealed record CalibrationDescription(string Spec, int Samples, string Sha256, int EvaluatedToo);

/// <summary>The machine that ran.</summary>
/// <param name="Processor">Architecture.</param>
/// <param name="Cores">Cores seen.</param>
/// <param name="Threads">Threads used.</param>
/// <param name="InstructionSet">Widest instruction set used.</param>
/// <param name="Runtime">.NET runtime.</param>
public sealed record MachineDescription(string Processor, int Cores, int Threads, string InstructionSet, string Runtime)
{
    /// <summary>This machine, with the instruction set in force.</summary>
    /// <param name="threads">Threads used.</param>
    /// <returns>The description.</returns>
    public static MachineDescription Of(int threads)
        => new(RuntimeInformation.ProcessArchitecture.ToString(), Environment.ProcessorCount, threads, Cpu.Current.ToString(), RuntimeInformation.FrameworkDescription);
}

/// <summary>One recipe on the data.</summary>
public sealed record RecipeResult
{
    /// <summary>The recipe as given.</summary>
    public required string Recipe { get; init; }

    /// <summary>The recipe with every option.</summary>
    public required string CanonicalRecipe { get; init; }

    /// <summary>What <see cref="Value"/> is: top1, agreement with fp32 where there are no labels, or the perplexity of a text.</summary>
    public required string Metric { get; init; }

    /// <summary>The metric: a fraction, or the perplexity.</summary>
    public required double Value { get; init; }

    /// <summary>Samples that are right; of a text, words that were the likeliest ones.</summary>
    public required int Correct { get; init; }

    /// <summary>Interval of the metric at 95 %: Wilson's, or for a text from the spread between blocks of it.</summary>
    [JsonPropertyName("confidence95")]
    public required double[] Confidence95 { get; init; }

    /// <summary>Fraction whose label is among the five largest outputs; only with labels and more than ten classes.</summary>
    public double? Top5 { get; init; }

    /// <summary>fp32's metric on the same samples.</summary>
    public required double Baseline { get; init; }

    /// <summary>Samples lost and gained against fp32.</summary>
    public required Flips Flips { get; init; }

    /// <summary>Number of samples.</summary>
    public required int Samples { get; init; }

    /// <summary>Fraction of samples with the same largest output as fp32.</summary>
    public required double Agreement { get; init; }

    /// <summary>Mean squared difference of the network's outputs against fp32; of a text, on its beginning.</summary>
    public required double MeanSquaredError { get; init; }

    /// <summary>Cost of the network for one sample.</summary>
    public required CostResult Cost { get; init; }

    /// <summary>The layers.</summary>
    public required IReadOnlyList<LayerResult> Layers { get; init; }

    /// <summary>Wall-clock seconds of the evaluation.</summary>
    public required double Seconds { get; init; }

    /// <summary>Samples a second.</summary>
    public required double SamplesPerSecond { get; init; }
}

/// <summary>Cost of a network or layer for one sample.</summary>
/// <param name="Macs">Multiply-accumulates of the fp32 network.</param>
/// <param name="Operations">Operations by name.</param>
/// <param name="Cycles">Modelled cycles.</param>
/// <param name="EnergyPicojoules">Modelled energy.</param>
/// <param name="WeightBits">Mean bits a weight, scales included.</param>
/// <param name="ActivationBits">Mean bits an activation, weighted by multiply-accumulates.</param>
/// <param name="WeightBytes">Bytes of the weights.</param>
public sealed record CostResult(double Macs, IReadOnlyDictionary<string, double> Operations, double Cycles, double EnergyPicojoules, double WeightBits, double ActivationBits, double WeightBytes);

/// <summary>One layer under a recipe.</summary>
/// <param name="Name">Node name.</param>
/// <param name="Kind">Kind of layer.</param>
/// <param name="N">Output positions of one sample.</param>
/// <param name="M">Output channels.</param>
/// <param name="K">Length of a dot product.</param>
/// <param name="Macs">Multiply-accumulates for one sample.</param>
/// <param name="Method">Method that it runs under, fp32 for none.</param>
/// <param name="SignalToNoiseDecibels">Output against the fp32 layer on the same input; null without noise.</param>
/// <param name="NoiseShare">Noise as a fraction of the signal.</param>
/// <param name="Saturated">Fraction of inputs beyond the range of the codes.</param>
/// <param name="WeightBits">Mean bits a weight.</param>
/// <param name="Cycles">Modelled cycles.</param>
/// <param name="EnergyPicojoules">Modelled energy.</param>
/// <param name="Note">Why it is not treated as the recipe says, or null.</param>
public sealed record LayerResult(string Name, string Kind, int N, int M, int K, long Macs, string Method, double? SignalToNoiseDecibels, double NoiseShare, double Saturated, double WeightBits, double Cycles, double EnergyPicojoules, string? Note);
