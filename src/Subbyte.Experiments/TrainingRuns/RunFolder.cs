using System.Globalization;
using System.Text;
using Subbyte.Networks;
using Subbyte.Onnx;
using Subbyte.Training;

namespace Subbyte.Experiments.TrainingRuns;

/// <summary>
/// The folder of a training run: <c>recipe.yaml</c>, <c>checkpoint.bin</c>, <c>metrics.csv</c>, <c>last.onnx</c> after each epoch, <c>best.onnx</c> where validation data choose it, and at
/// the end <c>report.html</c> and <c>result.json</c>. Every file is written under a temporary name and renamed.
/// </summary>
/// <param name="folder">The folder.</param>
/// <param name="identity">What the training is.</param>
/// <param name="epochEnded">Told of every epoch, with all epochs so far.</param>
public sealed class RunFolder(string folder, string identity, Action<RunFolder, IReadOnlyList<EpochMetrics>>? epochEnded = null) : ITrainingJournal
{
    /// <summary>The latest checkpoint.</summary>
    public string CheckpointFile => Path.Combine(folder, "checkpoint.bin");

    /// <summary>The network after the latest epoch.</summary>
    public string LastFile => Path.Combine(folder, "last.onnx");

    /// <summary>The network of the best epoch.</summary>
    public string BestFile => Path.Combine(folder, "best.onnx");

    /// <summary>The report.</summary>
    public string ReportFile => Path.Combine(folder, "report.html");

    /// <inheritdoc/>
    public string Identity => identity;

    /// <inheritdoc/>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Whether there is a checkpoint to go on from.</summary>
    public bool HasCheckpoint => File.Exists(CheckpointFile);

    /// <inheritdoc/>
    public Stream? OpenCheckpoint() => HasCheckpoint ? File.OpenRead(CheckpointFile) : null;

    /// <inheritdoc/>
    public void SaveCheckpoint(Action<Stream> write) => Files.WriteAtomically(CheckpointFile, write);

    /// <inheritdoc/>
    public void EpochEnded(IReadOnlyList<EpochMetrics> history, bool isBest, Func<Network> network)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(network);
        var trained = network();
        Files.WriteAtomically(LastFile, stream => OnnxNetwork.Write(trained, stream));
        if (isBest) Files.WriteAtomically(BestFile, stream => OnnxNetwork.Write(trained, stream));
        WriteText("metrics.csv", Csv(history));
        epochEnded?.Invoke(this, history);
    }

    /// <summary>Writes the report.</summary>
    /// <param name="write">Writes it.</param>
    public void WriteReport(Action<Stream> write) => Files.WriteAtomically(ReportFile, write);

    /// <summary>Writes a text file.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="text">Its content.</param>
    public void WriteText(string name, string text) => Files.WriteAtomically(Path.Combine(folder, name), stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    private static string Csv(IEnumerable<EpochMetrics> history)
    {
        var text = new StringBuilder("phase,epoch,learningRate,loss,accuracy,validationLoss,validationAccuracy,seconds\n");
        foreach (var epoch in history)
        {
            text.Append(CultureInfo.InvariantCulture, $"{epoch.Phase.Replace(',', ' ')},{epoch.Epoch},{epoch.LearningRate:R},{epoch.Loss:R},{epoch.Accuracy:R},");
            text.Append(CultureInfo.InvariantCulture, $"{epoch.ValidationLoss:R},{epoch.ValidationAccuracy:R},{epoch.Seconds:0.###}\n");
        }

        return text.ToString();
    }
}
