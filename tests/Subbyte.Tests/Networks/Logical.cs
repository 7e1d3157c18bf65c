namespace Subbyte.Tests.Networks;

/// <summary>A float tensor in ONNX's row-major order, read by logical indices: what plain definitions of operators are written with.</summary>
internal sealed class Logical
{
    private readonly int[] _strides;

    public Logical(float[] values, params int[] shape)
    {
        (Values, Shape) = (values, shape);
        _strides = new int[shape.Length];
        for (var (axis, stride) = (shape.Length - 1, 1); axis >= 0; stride *= shape[axis--]) _strides[axis] = stride;
    }

    public float[] Values { get; }

    public int[] Shape { get; }

    public float this[params int[] index] => Values[index.Select((position, axis) => position * _strides[axis]).Sum()];

    /// <summary>A tensor whose every element is computed from its index.</summary>
    public static Logical Of(int[] shape, Func<int[], float> element)
    {
        var values = new float[shape.Aggregate(1, (length, size) => length * size)];
        var index = new int[shape.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = element(index);
            for (var axis = shape.Length - 1; axis >= 0 && ++index[axis] == shape[axis]; axis--) index[axis] = 0;
        }

        return new Logical(values, shape);
    }
}
