using Subbyte.Networks;

namespace Subbyte.Training;

/// <summary>Trains networks as classifiers.</summary>
public static class Trainer
{
    /// <summary>
    /// Trains all weights, biases and batch normalizations of a network that ends with one logit per class, by the cross-entropy of their
    /// softmax.
    /// </summary>
    /// <param name="network">The network to start from; it stays as it is. Its operators must be among those that can be trained.</param>
    /// <param name="data">Training samples.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Is told a few times a second and after each epoch where training stands, on the calling thread.</param>
    /// <param name="cancellation">Ends training after the present step; the result is the best network so far.</param>
    /// <returns>The trained network, and how it went.</returns>
    /// <exception cref="UserErrorException">The network cannot be trained, the data do not fit it, an option is out of range, or the loss is no longer finite.</exception>
    public static TrainingResult Train(Network network, LabeledSamples data, TrainingOptions options, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        return new TrainingRun(network, data, options, progress).Run(cancellation);
    }

    /// <summary>Classifies samples as in inference.</summary>
    /// <param name="network">The network; its operators must be among those that can be trained.</param>
    /// <param name="data">Samples.</param>
    /// <param name="threads">Threads, ≥ 1.</param>
    /// <returns>The share of samples whose label has the largest logit.</returns>
    /// <exception cref="UserErrorException">The network cannot be run here, or the data do not fit it.</exception>
    public static double Accuracy(Network network, LabeledSamples data, int threads = 1)
    {
        const int Batch = 64;
        var graph = new TrainingGraph(network, Batch, 0, new WorkerTeam(threads));
        graph.Check(data);
        return Judge(graph, data, Batch).Accuracy;
    }

    /// <summary>Classifies samples as in inference.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="data">Samples.</param>
    /// <param name="batch">Samples at once, at most those of the graph.</param>
    /// <returns>The mean loss, and the share of samples whose label has the largest logit.</returns>
    internal static (double Loss, double Accuracy) Judge(TrainingGraph graph, LabeledSamples data, int batch)
    {
        int[] indices = [.. Enumerable.Range(0, data.Count)];
        var (loss, correct) = (0.0, 0);
        graph.ResetMemory();
        if (data.Streams > 0) batch = data.Streams;
        for (var first = 0; first < data.Count; first += batch)
        {
            var (batchLoss, batchCorrect) = graph.Evaluate(data, indices.AsSpan(first, Math.Min(batch, data.Count - first)));
            loss += batchLoss;
            correct += batchCorrect;
        }

        return (loss / data.Labels.Count, (double)correct / data.Labels.Count);
    }
}
