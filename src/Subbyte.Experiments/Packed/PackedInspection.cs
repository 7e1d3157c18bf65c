namespace Subbyte.Experiments;

/// <summary>One step of a packed network.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Kernel">The kernel that this machine multiplies with, or null.</param>
/// <param name="Macs">Multiply-accumulates a sample.</param>
/// <param name="Weights">Weights.</param>
/// <param name="WeightBits">Bits a weight in the file, scales, biases and offsets included; null without weights.</param>
/// <param name="Outputs">Elements that it makes.</param>
/// <param name="ZeroWeights">Share of weights that are 0 in every plane, of layers of several levels.</param>
/// <param name="ZeroWords">Share of 64-bit words of the planes that are 0, of layers of several levels.</param>
public sealed record PackedStepDescription(string Name, string Kind, string? Kernel, long Macs, long Weights, double? WeightBits, int Outputs, double? ZeroWeights, double? ZeroWords);

/// <summary>What is in a packed file.</summary>
/// <param name="Name">Name of the network.</param>
/// <param name="Sha256">SHA-256 of the file.</param>
/// <param name="FileBytes">Bytes of the file.</param>
/// <param name="FloatBytes">Bytes that its weights and biases take in fp32.</param>
/// <param name="Int8Bytes">Bytes that they take in the usual eight-bit form.</param>
/// <param name="Input">Shape of a sample.</param>
/// <param name="Output">Shape of a result.</param>
/// <param name="States">Shapes of what is carried from run to run.</param>
/// <param name="RunBytes">Bytes of memory that one run takes.</param>
/// <param name="Metadata">Texts that belong to it.</param>
/// <param name="Layers">The steps.</param>
public sealed record PackedInspection(string Name, string Sha256, long FileBytes, long FloatBytes, long Int8Bytes, IReadOnlyList<int> Input, IReadOnlyList<int> Output, IReadOnlyList<IReadOnlyList<int>> States, long RunBytes, IReadOnlyDictionary<string, string> Metadata, IReadOnlyList<PackedStepDescription> Layers)
{
    /// <summary>Name and version of the schema.</summary>
    public string Schema { get; } = "subbyte.inspect-packed/1";

    /// <summary>Looks into a file.</summary>
    /// <param name="model">The file.</param>
    /// <returns>What is in it.</returns>
    public static PackedInspection Of(PackedModel model)
    {
        using var session = model.Open(new Runtime.SessionOptions());
        var network = model.Network;
        return new PackedInspection(
            network.Name,
            model.Sha256,
            model.Bytes,
            network.FloatBytes,
            network.Int8Bytes,
            network.Values[network.Input].Dimensions,
            network.Values[network.Output].Dimensions,
            [.. network.States.Select(state => network.Values[state.Before].Dimensions)],
            session.RunBytes,
            network.Metadata,
            [.. network.Steps.Select(step => new PackedStepDescription(step.Name, step.Description, step.Kernel?.ToString(), step.Macs, step.Weights, step.Weights == 0 ? null : step.WeightBits / (double)step.Weights, network.Values[step.Output].Length, (step as Runtime.LevelProductStep)?.ZeroWeights / (double)Math.Max(1, step.Weights), (step as Runtime.LevelProductStep)?.ZeroWords))]);
    }
}
