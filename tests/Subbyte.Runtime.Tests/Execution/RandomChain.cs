using Subbyte.Kernels;
using Subbyte.Tests.Kernels;

namespace Subbyte.Runtime.Tests.Execution;

/// <summary>Random packed networks whose layers follow each other directly, through elementwise steps, maxima, shortcuts and copies.</summary>
internal sealed class RandomChain
{
    private readonly Random _random;
    private readonly List<PackedValue> _values = [];
    private readonly List<PackedStep> _steps = [];
    private int _value;
    private int _height;
    private int _width;
    private int _channels;

    private RandomChain(Random random)
    {
        _random = random;
        (_height, _width, _channels) = (random.Next(1, 8), random.Next(1, 8), random.Next(1, 40));
        _value = Add(_height * _width * _channels);
    }

    /// <summary>Draws a network.</summary>
    public static PackedNetwork Draw(Random random)
    {
        var chain = new RandomChain(random);
        for (var layers = random.Next(2, 5); layers > 0; layers--) chain.Layer();
        if (random.Next(3) == 0) chain.Elementwise();
        return new PackedNetwork { Name = "chain", Metadata = new Dictionary<string, string>(StringComparer.Ordinal), Values = chain._values, Steps = chain._steps, Input = 0, Output = chain._value };
    }

    private int Add(int length)
    {
        _values.Add(new PackedValue($"v{_values.Count}", [length]));
        return _values.Count - 1;
    }

    private void Step(Func<int, int, PackedStep> make)
    {
        var output = Add(_height * _width * _channels);
        _steps.Add(make(_value, output));
        _value = output;
    }

    private void Layer()
    {
        var shortcut = _value;
        if (_height * _width > 1 && _random.Next(5) == 0) Flatten();
        Product();
        for (var steps = _random.Next(3); steps > 0; steps--) Elementwise();
        if (_random.Next(3) == 0) Pool();
        for (var steps = _random.Next(2); steps > 0; steps--) Elementwise();
        if (_values[shortcut].Length == _values[_value].Length && _random.Next(2) == 0) Step((value, output) => new AddStep($"add{output}", [value, shortcut], output, Low(), float.PositiveInfinity));
    }

    private void Flatten()
    {
        (_height, _width, _channels) = (1, 1, _height * _width * _channels);
        if (_random.Next(2) == 0) Step((value, output) => new CopyStep($"copy{output}", [value], output));
    }

    private void Product()
    {
        var kernel = Math.Min(Math.Min(_height, _width), _random.Next(1, 4));
        var pad = _random.Next(2) * (kernel / 2);
        var geometry = new ConvolutionGeometry { InHeight = _height, InWidth = _width, InChannels = _channels, OutChannels = _random.Next(3) == 0 ? 32 * _random.Next(1, 4) : _random.Next(1, 70), KernelHeight = kernel, KernelWidth = kernel, PadTop = pad, PadLeft = pad, PadBottom = pad, PadRight = pad, StrideWidth = _random.Next(1, 3) };
        (_height, _width, _channels) = (geometry.OutHeight, geometry.OutWidth, geometry.OutChannels);
        var weights = geometry.OutChannels * geometry.Depth;
        switch (_random.Next(8))
        {
            case 0: Step((value, output) => new FloatProductStep($"float{output}", [value], output, geometry, Arrays.Floats(_random, weights), Arrays.Floats(_random, _channels), Low(), 3)); break;
            case 1: Step((value, output) => new LevelProductStep($"level{output}", [value], output, Levels(geometry, weights))); break;
            case 2 or 3: Planes(geometry, WeightFormat.Binary, [.. Arrays.Of(weights, () => (sbyte)((2 * _random.Next(2)) - 1))]); break;
            case 4 or 5: Planes(geometry, WeightFormat.Ternary, Arrays.SBytes(_random, weights, 1)); break;
            default: Bytes(geometry, weights); break;
        }
    }

    private void Planes(ConvolutionGeometry geometry, WeightFormat format, sbyte[] weights)
        => Step((value, output) => new ProductStep($"planes{output}", [value], output, Parts(geometry, format, weights, PlaneEncoder(geometry.InChannels, format == WeightFormat.Ternary))));

    private void Bytes(ConvolutionGeometry geometry, int weights)
    {
        var bits = _random.Next(3);
        var parts = Parts(geometry, (WeightFormat)bits, Arrays.SBytes(_random, weights, bits switch { 0 => 128, 1 => 7, _ => 1 }), ByteEncoder(geometry.InChannels));
        if (_random.Next(3) == 0) parts = parts with { Table = Arrays.Bytes(_random, 256), Padding = 7 };
        Step((value, output) => new ProductStep($"bytes{output}", [value], output, parts));
    }

    private ProductParts Parts(ConvolutionGeometry geometry, WeightFormat format, sbyte[] weights, ActivationEncoder encoder) => new()
    {
        Geometry = geometry,
        Encoder = encoder,
        Format = format,
        Weights = weights,
        Offsets = Arrays.Of(geometry.OutChannels, () => _random.Next(-3, 4)),
        Scales = Scales(geometry.OutChannels, 2f / MathF.Sqrt(geometry.Depth)),
        Bias = Arrays.Floats(_random, geometry.OutChannels),
        Lowest = Low(),
        Highest = _random.Next(3) == 0 ? 1 : float.PositiveInfinity,
    };

    private LevelParts Levels(ConvolutionGeometry geometry, int weights)
    {
        var isSigned = _random.Next(2) == 0;
        byte[] table = [.. Enumerable.Range(0, 256).Select(code => (byte)(code % (isSigned ? 3 : 4)))];
        LevelProduct[] products = [.. Enumerable.Range(0, _random.Next(1, 3)).Select(_ => new LevelProduct(0, 0, Arrays.Of(geometry.OutChannels, () => _random.Next(-3, 4)), Scales(geometry.OutChannels, 0.3f)))];
        return new LevelParts
        {
            Geometry = geometry,
            Encoder = _random.Next(2) == 0 ? new ThresholdEncoder([-0.3f, 0.4f], [0, 1, 2], 1) : ByteEncoder(geometry.InChannels),
            Digits = [new LevelDigit(table, isSigned ? 1 : 0, (byte)(isSigned ? 1 : 0))],
            Planes = [Arrays.SBytes(_random, weights, 1)],
            Products = products,
            Bias = Arrays.Floats(_random, geometry.OutChannels),
        };
    }

    private ActivationEncoder PlaneEncoder(int channels, bool isTernary)
    {
        if (_random.Next(2) == 0) return isTernary ? new ThresholdEncoder([-0.4f, _random.NextSingle()], [0, 1, 2], 1) : new ThresholdEncoder([_random.NextSingle() - 0.5f], [0, 1], 0);
        var high = Arrays.Of(channels, () => _random.Next(10) == 0 ? float.NaN : _random.NextSingle());
        return new ChannelEncoder(Arrays.Of(channels, () => _random.Next(2) == 0 ? 1f : -1f), isTernary ? Arrays.Of(channels, () => -_random.NextSingle()) : [], high);
    }

    private ActivationEncoder ByteEncoder(int channels) => _random.Next(6) switch
    {
        0 => new ThresholdEncoder([-0.2f, 0.1f, 0.1f, 0.9f], [0, 1, 2, 4, 7], (byte)_random.Next(2)),
        1 => new ThresholdEncoder([-0.2f, 0.3f], [2, 1, 0], 1),
        2 => new ThresholdEncoder([-0.2f, 0.3f], [0, 2, 1], 1),
        3 => new UniformEncoder(0.5f, 0, 3, Rounding.HalfEven),
        4 => new ChannelStepEncoder(Arrays.Of(channels, () => 0.1f + _random.NextSingle()), 1, _random.Next(2) == 0 ? 3 : 255),
        _ => new UniformEncoder(0.01f, _random.Next(2) * 100, 255, Rounding.HalfAwayFromZero),
    };

    private void Elementwise()
    {
        switch (_random.Next(3))
        {
            case 0: Step((value, output) => new ClipStep($"clip{output}", [value], output, Low(), _random.Next(2) == 0 ? 1 : float.PositiveInfinity)); break;
            case 1: Step((value, output) => new SlopeStep($"slope{output}", [value], output, Arrays.Of(_channels, () => _random.Next(20) == 0 ? -0.3f : _random.NextSingle()))); break;
            default: Step((value, output) => new AffineStep($"affine{output}", [value], output, Scales(_channels, 1), Arrays.Floats(_random, _channels), float.NegativeInfinity, float.PositiveInfinity)); break;
        }
    }

    private void Pool()
    {
        if (_height < 2 || _width < 2) return;
        var kernel = _random.Next(2, Math.Min(4, Math.Min(_height, _width) + 1));
        var pad = _random.Next(2) * (kernel / 2);
        var geometry = new ConvolutionGeometry { InHeight = _height, InWidth = _width, InChannels = _channels, OutChannels = _channels, KernelHeight = kernel, KernelWidth = kernel, StrideHeight = _random.Next(1, 3), StrideWidth = 2, PadTop = pad, PadLeft = pad, PadRight = _random.Next(2) };
        (_height, _width) = (geometry.OutHeight, geometry.OutWidth);
        Step((value, output) => new PoolStep($"pool{output}", [value], output, geometry, isMaximum: _random.Next(8) > 0, countPadding: false));
    }

    private float[] Scales(int count, float largest)
    {
        var descends = _random.Next(2) == 0;
        return Arrays.Of(count, () => _random.Next(20) == 0 ? 0 : largest * (descends ? (2 * _random.NextSingle()) - 1 : _random.NextSingle()));
    }

    private float Low() => _random.Next(2) == 0 ? 0 : float.NegativeInfinity;
}
