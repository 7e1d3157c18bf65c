using Subbyte.Networks;

namespace Subbyte.Tests.Training;

/// <content>Functions of one element, and what only moves elements.</content>
internal sealed partial class DoubleNetwork
{
    private Func<double, double>? Function(Node node) => node.OpType switch
    {
        "Relu" => value => Math.Max(0, value),
        "Clip" => value => Math.Clamp(value, _constants[node.Inputs[1]][0], _constants[node.Inputs[2]][0]),
        "Sigmoid" => value => 1 / (1 + Math.Exp(-value)),
        "Tanh" => Math.Tanh,
        "LeakyRelu" => value => value < 0 ? node.Float("alpha", 0.01f) * value : value,
        "HardSigmoid" => value => Math.Clamp((node.Float("alpha", 0.2f) * value) + node.Float("beta", 0.5f), 0, 1),
        "HardSwish" => value => value * Math.Clamp((value / 6) + 0.5, 0, 1),
        _ => null,
    };

    private static int Channel(Map x, int index) => index / x.Shape[2..].Aggregate(1, (product, size) => product * size) % x.Shape[1];

    private static Node Wide(Node node)
    {
        var attributes = node.Attributes.ToDictionary(attribute => attribute.Key, attribute => attribute.Value, StringComparer.Ordinal);
        if (node.Integers("kernel_shape") is [var kernel]) attributes["kernel_shape"] = new long[] { 1, kernel };
        if (node.Integers("strides") is [var stride]) attributes["strides"] = new long[] { 1, stride };
        if (node.Integers("pads") is [var before, var after]) attributes["pads"] = new long[] { 0, before, 0, after };
        return new Node { Name = node.Name, OpType = node.OpType, Inputs = node.Inputs, Outputs = node.Outputs, Attributes = attributes };
    }

    private static Map Flat(Map x) => x with { Shape = [x.Shape[0], x.Shape[1], x.Shape[3]] };

    private static Map Average(Map x)
    {
        var positions = x.Data.Length / x.Shape[0] / x.Shape[1];
        return new Map([.. Enumerable.Range(0, x.Data.Length / positions).Select(i => x.Data.AsSpan(i * positions, positions).ToArray().Average())], [x.Shape[0], x.Shape[1], 1, 1]);
    }

    private static Map Concatenate(Map[] inputs)
    {
        var data = Enumerable.Range(0, inputs[0].Shape[0]).SelectMany(n => inputs.SelectMany(input => input.Data.AsSpan(n * (input.Data.Length / input.Shape[0]), input.Data.Length / input.Shape[0]).ToArray()));
        return new Map([.. data], [inputs[0].Shape[0], inputs.Sum(input => input.Shape[1]), .. inputs[0].Shape[2..]]);
    }

    private Map Slice(Node node, Map x)
    {
        var (starts, ends, axes, steps) = (Integers(node, 1), Integers(node, 2), Integers(node, 3), Integers(node, 4));
        int[][] kept = [.. x.Shape.Select((size, axis) =>
        {
            var i = Array.IndexOf(axes, axis);
            return Enumerable.Range(0, size).Where(index => i < 0 || (index >= starts[i] && index < ends[i] && (index - starts[i]) % steps[i] == 0)).ToArray();
        })];
        return Gather(x, [.. kept.Select(indices => indices.Length)], index => [.. index.Select((position, axis) => kept[axis][position])]);
    }

    private Map Pad(Node node, Map x)
    {
        var pads = Integers(node, 1);
        var rank = x.Shape.Length;
        return Gather(x, [.. x.Shape.Select((size, axis) => size + pads[axis] + pads[axis + rank])], index => [.. index.Select((position, axis) => position - pads[axis])]);
    }

    private static Map Transpose(Node node, Map x)
    {
        var order = node.Integers("perm")!;
        return Gather(x, [.. order.Select(axis => x.Shape[axis])], index => [.. Enumerable.Range(0, order.Length).Select(axis => index[Array.IndexOf(order, axis)])]);
    }

    /// <summary>Each element of the result comes from where a function says, or is 0 where that is outside.</summary>
    private static Map Gather(Map x, int[] shape, Func<int[], int[]> source)
    {
        var data = new double[shape.Aggregate(1, (product, size) => product * size)];
        for (var i = 0; i < data.Length; i++)
        {
            var index = new int[shape.Length];
            for (int axis = shape.Length - 1, rest = i; axis >= 0; rest /= shape[axis], axis--) index[axis] = rest % shape[axis];
            var from = source(index);
            if (from.Select((position, axis) => position >= 0 && position < x.Shape[axis]).All(inside => inside))
                data[i] = x.Data[from.Select((position, axis) => position * x.Shape[(axis + 1)..].Aggregate(1, (product, size) => product * size)).Sum()];
        }

        return new Map(data, shape);
    }

    private int[] Integers(Node node, int input) => [.. network.Constants[node.Inputs[input]].AsSpan<long>().ToArray().Select(value => (int)Math.Min(value, int.MaxValue))];
}
