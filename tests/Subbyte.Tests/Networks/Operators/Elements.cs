using Subbyte.Tensors;

namespace Subbyte.Tests.Networks.Operators;

/// <summary>Tensors of any element type as numbers.</summary>
internal static class Elements
{
    public static readonly ElementType[] AllTypes = [.. Enum.GetValues<ElementType>().Where(type => type != ElementType.Undefined)];

    /// <summary>A tensor that counts up from 0, as far as its type can.</summary>
    public static Tensor Counting(ElementType type, params int[] dimensions) => Of(type, Enumerable.Range(0, dimensions.Aggregate(1, (count, size) => count * size)).Select(i => (double)i), dimensions);

    public static Tensor Of(ElementType type, IEnumerable<double> values, params int[] dimensions)
    {
        var tensor = Tensor.Zeros(type, dimensions);
        var range = type.IsFloatingPoint() || type == ElementType.UInt64 ? 100 : Math.Min(99, type.IntegerRange().Highest) + 1;
        ElementConversion.Write(values.Select(value => value % range).ToArray(), tensor, 0);
        return tensor;
    }

    public static double[] Numbers(this Tensor tensor)
    {
        var values = new double[tensor.Length];
        ElementConversion.Read(tensor, 0, values);
        return values;
    }

    public static Tensor Longs(params long[] values) => Tensor.Of<long>(values, values.Length);
}
