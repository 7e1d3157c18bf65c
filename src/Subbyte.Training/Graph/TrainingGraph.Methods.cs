using Subbyte.Kernels;
using Subbyte.Methods.Training;

namespace Subbyte.Training;

/// <content>What methods ask for beside the passes.</content>
internal sealed partial class TrainingGraph
{
    /// <summary>Sets the parameters of all quantizers: of weights by the weights, of inputs by a batch that runs through the network.</summary>
    /// <param name="data">Where samples come from.</param>
    /// <param name="indices">Which ones.</param>
    /// <param name="seed">The run's seed; each layer has sequences of its own.</param>
    public void InitializeQuantizers(LabeledSamples data, ReadOnlySpan<int> indices, ulong seed)
    {
        foreach (var layer in _layers)
            layer.Quantizer?.Initialize(layer.Latent.Values, layer.State!.Values, new SeededRandom(seed, RandomStream.WeightQuantizers + (ulong)layer.Layer.Index));
        _isPrepared = false;
        if (_quantizations.Length == 0) return;
        // Batch statistics, as in the first step; running ones are put back.
        var before = _operators.Where(node => node is not QuantizationOperator).Select(node => (node, State: node.State.Select(state => (float[])state.Clone()).ToArray())).ToArray();
        Run(data, indices, [new Phase([ReadInput], null)], isTraining: false);
        foreach (var node in _operators)
        {
            if (node is QuantizationOperator quantization) quantization.Initialize(_count, new SeededRandom(seed, RandomStream.InputQuantizers + (ulong)quantization.Layer.Index));
            if (node.JoinsForward) RunPhase(new Phase([node.GatherForward], node.JoinForward));
            RunPhase(new Phase([node.Forward], null));
        }

        foreach (var (node, saved) in before)
        {
            foreach (var (state, values) in node.State.Zip(saved)) values.CopyTo(state, 0);
        }

        _isPrepared = false;
    }

    /// <summary>Turns knobs of all quantizers.</summary>
    /// <param name="knobs">Where to, by name.</param>
    public void Turn(IReadOnlyDictionary<string, double> knobs)
    {
        foreach (var (knob, wanted) in knobs.OrderBy(knob => knob.Key, StringComparer.Ordinal))
        {
            var compared = new List<float>();
            ForEachQuantizer((quantizer, values, parameters) => compared.AddRange(quantizer.Compared(knob, values, parameters)));
            var position = compared.Count == 0 ? wanted : LargestWithin(compared, wanted);
            ForEachQuantizer((quantizer, values, parameters) => quantizer.Turn(knob, position, values, parameters));
        }
    }

    /// <summary>The largest of the smallest numbers that make up a share; −1 where that share holds none.</summary>
    private static double LargestWithin(List<float> numbers, double share)
    {
        numbers.Sort();
        var count = (int)Math.Round(share * numbers.Count);
        return count == 0 ? -1 : numbers[count - 1];
    }

    /// <summary>Tells all quantizers that an epoch begins.</summary>
    public void BeginEpoch() => ForEachQuantizer((quantizer, values, parameters) => quantizer.BeginEpoch(values, parameters));

    /// <summary>Tells all quantizers that a step begins, or that training has paused.</summary>
    public void BeginStep() => ForEachQuantizer((quantizer, values, parameters) => quantizer.BeginStep(values, parameters));

    /// <summary>Makes the statistics of the latest batch the values of their parameters, once its step is made.</summary>
    public void TakeStatistics()
    {
        foreach (var quantization in _quantizations) quantization.Quantities.TakeStatistics();
        foreach (var layer in _layers) layer.State?.TakeStatistics();
    }

    /// <summary>How weights and inputs of layers are distributed, the inputs as of the latest batch.</summary>
    /// <returns>A pair of histograms a layer.</returns>
    public IReadOnlyList<LayerHistogram> Histograms()
    {
        _team.Run(_operators.Length, _prepare);
        _isPrepared = true;
        return [.. _operators.SelectMany(node => node.Weights.Select(weights => new LayerHistogram(weights.Layer.Name, Histogram.Of(weights.Values), Histogram.Of(node.Input.Values(0, _count)))))];
    }

    /// <summary>The layers that methods quantize, as they are now.</summary>
    /// <returns>By the name of their node.</returns>
    public IReadOnlyDictionary<string, TrainedLayer> TrainedLayers()
    {
        var inputs = _quantizations.ToDictionary(quantization => quantization.Layer.Name, StringComparer.Ordinal);
        return _layers.Where(layer => layer.Quantizer is not null || inputs.ContainsKey(layer.Layer.Name)).ToDictionary(layer => layer.Layer.Name, Describe, StringComparer.Ordinal);

        TrainedLayer Describe(LayerWeights layer)
        {
            var input = inputs.GetValueOrDefault(layer.Layer.Name);
            float[][] parameters = [.. (input?.Quantities.Values ?? []).Select(values => (float[])values.Clone())];
            return new TrainedLayer(layer.Quantizer?.Codes(layer.Latent.Values, layer.State!.Values), input?.Quantizer, parameters);
        }
    }

    private void ForEachQuantizer(QuantizerAction action)
    {
        foreach (var layer in _layers)
        {
            if (layer.Quantizer is not null) action(layer.Quantizer, layer.Latent.Values, layer.State!.Values);
        }

        foreach (var quantization in _quantizations) action(quantization.Quantizer, [], quantization.Quantities.Values);
        _isPrepared &= _pulledBack.Length == 0;
    }

    /// <summary>Adds the penalties' gradients to those of the weights.</summary>
    /// <returns>The sum of the penalties.</returns>
    private double AddPenalties()
    {
        double sum = 0;
        for (var i = 0; i < _penalized.Length; i++)
            sum += Methods.Regularizers[i].Penalize([.. _penalized[i].Select(weights => weights.Values)], [.. _penalized[i].Select(weights => weights.Gradient)]);
        return sum;
    }

    private delegate void QuantizerAction(ITrainableQuantizer quantizer, Span<float> values, IReadOnlyList<float[]> parameters);
}
