using BenchmarkDotNet.Attributes;
using Subbyte.Kernels;

namespace Subbyte.Benchmarks;

/// <summary>
/// Matrix products of 8-bit, 16-bit and float operands beside the float product as the baseline: a square one and the 3×3 layers of
/// ResNet-20 and ResNet-18 at batch 1. <see cref="InstructionSet"/> forces the kernels.
/// </summary>
[MemoryDiagnoser]
public class MatrixProductBenchmarks
{
    private float[] _floatRows = [], _floatSums = [];
    private byte[] _byteRows = [];
    private short[] _shortRows = [];
    private int[] _sums = [];
    private long[] _wideSums = [];
    private PackedFloatMatrix? _floats;
    private PackedInt8Matrix? _eightBits, _twoBits;
    private PackedInt16Matrix? _shorts;
    private int _rows, _outputs, _depth;

    [Params("512x512x512", "1024x16x144", "784x128x1152")]
    public string Shape { get; set; } = "";

    [Params(InstructionSet.Avx2, InstructionSet.Avx512)]
    public InstructionSet InstructionSet { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        Cpu.Limit(InstructionSet);
        var sizes = Shape.Split('x').Select(int.Parse).ToArray();
        (_rows, _outputs, _depth) = (sizes[0], sizes[1], sizes[2]);
        var random = new Random(1);
        _floatRows = Values(_rows * _depth, () => random.NextSingle() - 0.5f);
        _byteRows = Values(_rows * _depth, () => (byte)random.Next(256));
        _shortRows = Values(_rows * _depth, () => (short)random.Next(-32768, 32768));
        (_floatSums, _sums, _wideSums) = (new float[_rows * _outputs], new int[_rows * _outputs], new long[_rows * _outputs]);
        _floats = PackedFloatMatrix.Pack(Values(_outputs * _depth, () => random.NextSingle() - 0.5f), _outputs, _depth);
        _eightBits = PackedInt8Matrix.Pack(Values(_outputs * _depth, () => (sbyte)random.Next(-128, 128)), _outputs, _depth);
        _twoBits = PackedInt8Matrix.Pack(Values(_outputs * _depth, () => (sbyte)random.Next(-1, 2)), _outputs, _depth);
        _shorts = PackedInt16Matrix.Pack(Values(_outputs * _depth, () => (short)random.Next(-32768, 32768)), _outputs, _depth);
    }

    [Benchmark(Baseline = true)]
    public void Floats() => FloatGemm.Multiply(_floatRows, _depth, _rows, _floats!, _floatSums, _outputs);

    [Benchmark]
    public void EightBitWeights() => Int8Gemm.Multiply(_byteRows, _depth, _rows, _eightBits!, _sums, _outputs);

    [Benchmark]
    public void TernaryWeights() => Int8Gemm.Multiply(_byteRows, _depth, _rows, _twoBits!, _sums, _outputs);

    [Benchmark]
    public void SixteenBits() => Int16Gemm.Multiply(_shortRows, _depth, _rows, _shorts!, _sums, _outputs);

    [Benchmark]
    public void SixteenBitsInto64() => Int16Gemm.MultiplyWide(_shortRows, _depth, _rows, _shorts!, _wideSums, _outputs);

    private static T[] Values<T>(int length, Func<T> next) => Enumerable.Range(0, length).Select(_ => next()).ToArray();
}
