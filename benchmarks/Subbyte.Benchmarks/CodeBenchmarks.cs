using BenchmarkDotNet.Attributes;
using Subbyte.Kernels;

namespace Subbyte.Benchmarks;

/// <summary>What a layer does around its product, per 16,384 values, beside a copy of the floats as the baseline.</summary>
[MemoryDiagnoser]
public class CodeBenchmarks
{
    private const int Count = 16384;
    private const int Channels = 16;

    private readonly ConvolutionGeometry _geometry = new()
    {
        InHeight = 32,
        InWidth = 32,
        InChannels = Channels,
        OutChannels = Channels,
        KernelHeight = 3,
        KernelWidth = 3,
        PadTop = 1,
        PadLeft = 1,
        PadBottom = 1,
        PadRight = 1,
    };

    private readonly float[] _values = new float[Count], _results = new float[Count], _perChannel = new float[Channels];
    private readonly int[] _sums = new int[Count], _offsets = new int[Channels];
    private readonly byte[] _codes = new byte[Count], _mapped = new byte[Count], _table = new byte[256];
    private byte[] _patches = [];

    [Params(InstructionSet.Scalar, InstructionSet.Avx2, InstructionSet.Avx512)]
    public InstructionSet InstructionSet { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        Cpu.Limit(InstructionSet);
        var random = new Random(1);
        random.NextBytes(_codes);
        random.NextBytes(_table);
        for (var i = 0; i < Count; i++) _values[i] = random.NextSingle() * 20;
        _patches = new byte[_geometry.Positions * _geometry.Depth];
    }

    [Benchmark(Baseline = true)]
    public void Copy() => _values.CopyTo(_results, 0);

    [Benchmark]
    public void Quantize() => Quantizer.ToUInt8(_values, 0.1f, 0, 0, 255, _mapped);

    [Benchmark]
    public void Table() => TableLookup.Map(_codes, _table, _mapped);

    [Benchmark]
    public void Pairs() => PairMap.Map(_codes, _table, _table, _mapped);

    [Benchmark]
    public void Patches() => Im2Col.Pack<byte>(_codes, _geometry, 0, 0, _geometry.Positions, 0, _patches, _geometry.Depth);

    [Benchmark]
    public void Dequantize()
        => Epilogue.Dequantize(_sums, Count / Channels, Channels, Channels, _offsets, _perChannel, _perChannel, 0, float.PositiveInfinity, _results, Channels);
}
