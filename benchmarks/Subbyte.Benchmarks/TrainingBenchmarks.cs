using BenchmarkDotNet.Attributes;
using Subbyte.Data;
using Subbyte.Training;

namespace Subbyte.Benchmarks;

/// <summary>One step of the glyph network on a batch of 128: forward, backward, and the steps of the optimizer.</summary>
[MemoryDiagnoser]
public class TrainingBenchmarks
{
    private const int Batch = 128;

    private readonly int[] _indices = [.. Enumerable.Range(0, Batch)];
    private LabeledSamples _data = null!;
    private TrainingGraph _graph = null!;
    private Optimizer _optimizer = null!;

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var glyphs = DataSpec.Open($"glyphs:train={Batch}#train");
        var samples = new CachedSamples(new PreprocessedSamples(glyphs, DefaultNetworks.GlyphPreprocessing));
        _data = new LabeledSamples(samples, [.. _indices.Select(glyphs.Label)]);
        _graph = new TrainingGraph(DefaultNetworks.Glyphs(samples.SampleShape, _data.Classes), Batch, 0, new WorkerTeam(Threads));
        _optimizer = DefaultNetworks.GlyphTraining.Optimizer.Start(_graph.Parameters);
    }

    [Benchmark]
    public void Step()
    {
        _graph.ComputeGradients(_data, _indices);
        _optimizer.Begin(1e-3);
        for (var parameter = 0; parameter < _optimizer.Count; parameter++) _optimizer.Move(parameter);
    }
}
