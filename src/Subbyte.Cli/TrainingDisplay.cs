using System.Globalization;
using Subbyte.Training;

namespace Subbyte.Cli;

/// <summary>Live progress of a training on standard error: a line that is rewritten where a person sees it, and a line an epoch.</summary>
/// <param name="quiet">Whether nothing is shown.</param>
internal sealed class TrainingDisplay(bool quiet) : IProgress<TrainingProgress>, IDisposable
{
    private readonly bool _isLive = !quiet && !Console.IsErrorRedirected;
    private TrainingProgress? _latest;
    private int _width;

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        _latest = value;
        if (_isLive) Rewrite(Line(value));
    }

    /// <summary>Writes the line of an epoch.</summary>
    /// <param name="epoch">What it gave.</param>
    public void EpochEnded(EpochMetrics epoch)
    {
        if (quiet) return;
        Clear();
        var phase = epoch.Phase.Length == 0 ? "" : epoch.Phase + "  ";
        var speed = _latest is null ? "" : Invariant($"  {_latest.SamplesPerSecond:0} samples/s");
        Console.Error.WriteLine(phase + Invariant($"epoch {epoch.Epoch}  loss {epoch.Loss:0.0000}  accuracy {100 * epoch.Accuracy:0.00} %  judged {100 * epoch.ValidationAccuracy:0.00} %  rate {epoch.LearningRate:G3}") + speed);
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    private static string Line(TrainingProgress at)
    {
        var phase = at.Phase.Length == 0 ? "" : at.Phase + "  ";
        return phase + Invariant($"epoch {at.Epoch}/{at.Epochs}  step {at.Step}/{at.Steps}  loss {at.Loss:0.0000}  accuracy {100 * at.Accuracy:0.00} %  {at.SamplesPerSecond:0} samples/s  {at.Remaining:h\\:mm\\:ss} left");
    }

    private void Rewrite(string line)
    {
        Console.Error.Write('\r' + line.PadRight(_width));
        _width = line.Length;
    }

    private void Clear()
    {
        if (!_isLive || _width == 0) return;
        Rewrite("");
        Console.Error.Write('\r');
        _width = 0;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
