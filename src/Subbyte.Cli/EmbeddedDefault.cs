using Subbyte.Experiments;

namespace Subbyte.Cli;

/// <summary>What <c>subbyte compare</c> does without a network: trains a small one on glyphs that it draws itself.</summary>
internal static class EmbeddedDefault
{
    /// <summary>Trains the network.</summary>
    /// <param name="values">Common options.</param>
    /// <param name="cancellation">Cancels the training.</param>
    /// <returns>The network with held-out glyphs to evaluate and training glyphs for calibration.</returns>
    public static EvaluationTask Prepare(CommonValues values, CancellationToken cancellation)
    {
        values.Remark("no network given: training a small one on glyphs (procedural characters); see --help for your own network");
        return Terminal.WithProgress(values.Quiet, step => GlyphNetwork.Train(values.Seed, values.Threads, step("training"), cancellation));
    }
}
