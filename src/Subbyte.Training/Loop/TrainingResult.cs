using Subbyte.Methods.Training;
using Subbyte.Networks;

namespace Subbyte.Training;

/// <summary>What a training gave.</summary>
/// <param name="Network">
/// The network: of the best epoch where epochs were judged and the best is kept, else as it was at the end. What methods quantize is written out in ONNX's operators.
/// </param>
/// <param name="IsComplete">Whether all epochs were run; false when it was cancelled.</param>
/// <param name="Epoch">The epoch after which the network was taken, from 1; 0 when none was completed.</param>
/// <param name="Loss">Mean loss of the latest epoch, completed or not.</param>
/// <param name="Accuracy">Share of the latest epoch's training samples that were classified rightly.</param>
/// <param name="ValidationAccuracy">The network's accuracy on the validation samples, or null.</param>
/// <param name="Elapsed">Time taken.</param>
public sealed record TrainingResult(Network Network, bool IsComplete, int Epoch, double Loss, double Accuracy, double? ValidationAccuracy, TimeSpan Elapsed)
{
    /// <summary>All epochs.</summary>
    public IReadOnlyList<EpochMetrics> History { get; init; } = [];

    /// <summary>The layers that methods quantize, by the name of their node.</summary>
    public IReadOnlyDictionary<string, TrainedLayer> Layers { get; init; } = new Dictionary<string, TrainedLayer>(StringComparer.Ordinal);
}
