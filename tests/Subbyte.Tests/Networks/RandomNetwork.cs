using Subbyte.Networks;

namespace Subbyte.Tests.Networks;

/// <summary>Small random networks of every operator that trained networks are made of: blocks of layers, shortcuts, a classifier.</summary>
internal sealed class RandomNetwork
{
    public const int Classes = 10;

    private readonly Random _random;
    private readonly GraphBuilder _graph;
    private readonly int _channelStep;
    private string _value = GraphBuilder.Input;
    private int _channels;
    private int _height;
    private int _width;

    private RandomNetwork(Random random, int channelStep)
    {
        (_random, _channelStep) = (random, channelStep);
        (_channels, _height, _width) = (random.Next(1, 5), random.Next(6, 12), random.Next(6, 12));
        _graph = new GraphBuilder(_channels, _height, _width);
    }

    /// <summary>Draws a network.</summary>
    /// <param name="random">Where its sizes and weights come from.</param>
    /// <param name="channelStep">What the channels of inner feature maps are multiples of: 1, 2 or 4.</param>
    public static Network Draw(Random random, int channelStep = 1)
    {
        var network = new RandomNetwork(random, channelStep);
        network.Convolution(network._random.Next(4, 13));
        for (var blocks = random.Next(2, 6); blocks > 0; blocks--) network.Block();
        return network._graph.Build(network.Classifier());
    }

    /// <summary>Shape of one sample of a network's input.</summary>
    public static int[] SampleShape(Network network) => [.. network.Inputs[0].Shape.Skip(1).Select(dimension => dimension.Size!.Value)];

    /// <summary>Random samples that fit a network.</summary>
    public static MemorySamples Samples(Network network, Random random, int count)
    {
        var shape = SampleShape(network);
        return new MemorySamples(random.Gaussians(count * shape.Aggregate(1, (length, size) => length * size)), shape);
    }

    private void Block()
    {
        switch (_random.Next(8))
        {
            case 0: Convolution(_random.Next(1, 16)); break;
            case 1: Depthwise(); break;
            case 2: Residual(); break;
            case 3: Pool(); break;
            case 4: Fire(); break;
            case 5: Downsample(); break;
            case 6: BatchNormalization(); break;
            default: Broadcast(); break;
        }
    }

    private void Convolution(int outputs)
    {
        outputs = (outputs + _channelStep - 1) / _channelStep * _channelStep;
        var (kernel, stride, dilation) = (_random.Next(1, 4), _height > 4 && _width > 4 ? _random.Next(1, 3) : 1, _random.Next(1, 3));
        var reach = (kernel - 1) * dilation;
        var before = reach / 2;
        _value = _graph.Add(
            "Conv",
            [_value, Weights(outputs, _channels, kernel), _graph.Constant(_random.Gaussians(outputs, 0.3), outputs)],
            ("strides", new long[] { stride, stride }),
            ("dilations", new long[] { dilation, dilation }),
            ("pads", new long[] { before, before, reach - before, reach - before }));
        (_channels, _height, _width) = (outputs, (_height + stride - 1) / stride, (_width + stride - 1) / stride);
        if (_random.Next(2) == 0) BatchNormalization();
        Activation();
    }

    private void Depthwise()
    {
        _value = _graph.Add("Conv", [_value, Weights(_channels, 1, 3), _graph.Constant(_random.Gaussians(_channels, 0.3), _channels)], ("group", _channels), ("pads", new long[] { 1, 1, 1, 1 }));
        Activation();
    }

    private void Residual()
    {
        var shortcut = _value;
        _value = _graph.Add("Conv", [_value, Weights(_channels, _channels, 3)], ("pads", new long[] { 1, 1, 1, 1 }));
        BatchNormalization();
        _value = _graph.Add("Add", [_value, shortcut]);
        Activation();
    }

    private void Pool()
    {
        if (_height < 4 || _width < 4) return;
        var ceil = _random.Next(2);
        _value = _graph.Add(_random.Next(2) == 0 ? "MaxPool" : "AveragePool", [_value], ("kernel_shape", new long[] { 3, 2 }), ("strides", new long[] { 2, 2 }), ("ceil_mode", ceil));
        (_height, _width) = (((_height - 3 + ceil) / 2) + 1, ((_width - 2 + ceil) / 2) + 1);
    }

    private void Fire()
    {
        var left = _graph.Add("Relu", [_graph.Add("Conv", [_value, Weights(3, _channels, 1)])]);
        var right = _graph.Add("Relu", [_graph.Add("Conv", [_value, Weights(5, _channels, 3)], ("pads", new long[] { 1, 1, 1, 1 }))]);
        _value = _graph.Add("Concat", [left, right], ("axis", 1));
        _channels = 8;
    }

    /// <summary>A shortcut without weights: every second pixel, then channels of zeros.</summary>
    private void Downsample()
    {
        var added = Math.Max(3, _channelStep) / _channelStep * _channelStep;
        _value = _graph.Add("Slice", [_value, _graph.Constant(0, 0), _graph.Constant(int.MaxValue, int.MaxValue), _graph.Constant(2, 3), _graph.Constant(2, 2)]);
        _value = _graph.Add("Pad", [_value, _graph.Constant(0, 1, 0, 0, 0, added - 1, 0, 0)]);
        (_channels, _height, _width) = (_channels + added, (_height + 1) / 2, (_width + 1) / 2);
    }

    private void BatchNormalization()
    {
        var parameters = new[] { _random.Gaussians(_channels), _random.Gaussians(_channels), _random.Gaussians(_channels), [.. _random.Gaussians(_channels).Select(value => (value * value) + 0.1f)] };
        _value = _graph.Add("BatchNormalization", [_value, .. parameters.Select(values => _graph.Constant(values, _channels))]);
    }

    private void Broadcast()
    {
        var opType = new[] { "Add", "Sub", "Mul", "Div" }[_random.Next(4)];
        float[] operand = [.. _random.Gaussians(_channels).Select(value => value < 0 ? value - 0.5f : value + 0.5f)];
        _value = _graph.Add(opType, [_value, _graph.Constant(operand, _channels, 1, 1)]);
    }

    private void Activation()
    {
        if (_random.Next(5) > 0) _value = _graph.Add("Relu", [_value]);
        if (_random.Next(3) > 0) return;
        string[] bounds = [_graph.Constant(Tensors.Tensor.Scalar(-1f)), _graph.Constant(Tensors.Tensor.Scalar(2f))];
        _value = _graph.Add("Clip", [_value, .. bounds]);
    }

    private string Classifier()
    {
        if (_random.Next(2) == 0)
        {
            _value = _graph.Add("GlobalAveragePool", [_value]);
            (_height, _width) = (1, 1);
        }

        var depth = _channels * _height * _width;
        var flat = _random.Next(2) == 0 ? _graph.Add("Flatten", [_value]) : _graph.Add("Reshape", [_value, _graph.Constant(0, -1)]);
        return _graph.Add("Gemm", [flat, _graph.Constant(_random.Gaussians(Classes * depth, 1 / Math.Sqrt(depth)), Classes, depth), _graph.Constant(_random.Gaussians(Classes), Classes)], ("transB", 1));
    }

    private string Weights(int outputs, int channels, int kernel)
    {
        var depth = channels * kernel * kernel;
        return _graph.Constant(_random.Gaussians(outputs * depth, Math.Sqrt(2.0 / depth)), outputs, channels, kernel, kernel);
    }
}
