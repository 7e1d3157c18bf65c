using System.Runtime.InteropServices;
using Subbyte.Kernels;
using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Training;

namespace Subbyte.Benchmarks;

/// <summary>A network and one batch of noise that it is trained on.</summary>
/// <param name="Name">Its name, which training_steps.py knows.</param>
/// <param name="Network">The network with initial weights.</param>
/// <param name="Data">The batch.</param>
/// <param name="Macs">Multiply-accumulates of one answer, forward.</param>
internal sealed record TrainingTask(string Name, Network Network, LabeledSamples Data, double Macs)
{
    private const int Words = 5000, Units = 200, Steps = 35, Streams = 20;

    /// <summary>Samples of the batch.</summary>
    public int Batch => Data.Count;

    /// <summary>Operations of a step: forward, gradient of the input and gradient of the weights, two a multiply-accumulate each.</summary>
    public double Operations => 6 * Macs * Batch * Data.LabelsPerSample;

    /// <summary>ResNet-20 with 32×32 images of three channels.</summary>
    public static TrainingTask ResNet20() => Images("resnet20", 128, 3, 32, 32);

    /// <summary>LeNet-5 with 28×28 images.</summary>
    public static TrainingTask LeNet5() => Images("lenet5", 256, 1, 28, 28);

    /// <summary>The word LSTM.</summary>
    public static TrainingTask Lstm()
    {
        var random = new SeededRandom(1);
        var samples = new ArraySamples([.. Enumerable.Range(0, Streams).Select(_ => Enumerable.Range(0, Steps).Select(_ => (float)random.Next(Words)).ToArray())], [1, Steps]);
        var data = new LabeledSamples(samples, [.. Enumerable.Range(0, Streams * Steps).Select(_ => random.Next(Words))], Steps, Streams);
        return new TrainingTask("lstm", LanguageModels.Create(Words, Units, 1, 0, 1), data, (2.0 * 4 * Units * Units) + ((double)Units * Words));
    }

    /// <summary>Writes samples, labels and initial weights for another framework, the weights one after the other as ONNX lays them out.</summary>
    /// <param name="folder">Where to.</param>
    public void Write(string folder)
    {
        var sample = new float[Data.Samples.SampleShape.ToArray().Aggregate(1, (product, size) => product * size)];
        using var samples = File.Create(Path.Combine(folder, "samples"));
        for (var i = 0; i < Data.Count; i++)
        {
            Data.Samples.Read(i, sample);
            samples.Write(MemoryMarshal.AsBytes<float>(sample));
        }

        File.WriteAllBytes(Path.Combine(folder, "labels"), MemoryMarshal.AsBytes<int>(Data.Labels.ToArray()).ToArray());
        using var weights = File.Create(Path.Combine(folder, "weights"));
        foreach (var parameter in new TrainingGraph(Network, 1, 0, new WorkerTeam(1), null, Data.LabelsPerSample).Parameters)
            weights.Write(MemoryMarshal.AsBytes(parameter.ToTensor().AsSpan<float>()));
    }

    private static TrainingTask Images(string name, int count, params int[] shape)
    {
        var random = new SeededRandom(1);
        var length = shape.Aggregate(1, (product, size) => product * size);
        var samples = new ArraySamples([.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, length).Select(_ => (2 * random.NextFloat()) - 1).ToArray())], shape);
        var network = BuiltInNetworks.Create(name, shape, 10, Preprocessing.Identity, new BuiltInNetworkOptions());
        var macs = ExecutionPlan.Compile(network).DotProducts.Sum(layer => (double)layer.Geometry.Macs);
        return new TrainingTask(name, network, new LabeledSamples(samples, [.. Enumerable.Range(0, count).Select(_ => random.Next(10))]), macs);
    }

    private sealed class ArraySamples(float[][] samples, int[] shape) : ISampleSource
    {
        public int Count => samples.Length;

        public ReadOnlySpan<int> SampleShape => shape;

        public void Read(int index, Span<float> destination) => samples[index].CopyTo(destination);
    }
}
