using Subbyte.Tensors;

namespace Subbyte.Networks.Execution;

/// <summary>What is known of a value before anything runs: element type, logical shape, layout, and its content when it is constant.</summary>
public sealed class TensorType
{
    private readonly int[] _dimensions;

    /// <summary>A value.</summary>
    /// <param name="elementType">Element type.</param>
    /// <param name="dimensions">Logical dimensions in ONNX's order.</param>
    /// <param name="layout">Layout in memory.</param>
    /// <param name="constant">The content (row-major), or null.</param>
    public TensorType(ElementType elementType, ReadOnlySpan<int> dimensions, Layout layout = Layout.RowMajor, Tensor? constant = null)
    {
        ElementType = elementType;
        _dimensions = dimensions.ToArray();
        Layout = layout;
        Constant = constant;
    }

    /// <summary>Element type.</summary>
    public ElementType ElementType { get; }

    /// <summary>Logical dimensions in ONNX's order.</summary>
    public ReadOnlySpan<int> Dimensions => _dimensions;

    /// <summary>Number of dimensions.</summary>
    public int Rank => _dimensions.Length;

    /// <summary>Layout in memory.</summary>
    public Layout Layout { get; }

    /// <summary>The content when it is constant.</summary>
    public Tensor? Constant { get; }

    /// <summary>Number of elements.</summary>
    public long Count => ElementTypes.ElementCount(_dimensions);

    /// <summary>Dimensions in the order of memory.</summary>
    public int[] Physical
    {
        get
        {
            if (Layout == Layout.RowMajor || Rank < 3) return [.. _dimensions];
            return [_dimensions[0], .. _dimensions[2..], _dimensions[1]];
        }
    }

    /// <summary>Whether the two layouts are the same bytes: one channel, or one position.</summary>
    public bool IsLayoutFree => Rank < 3 || _dimensions[1] == 1 || ElementTypes.ElementCount(_dimensions.AsSpan(2)) == 1;

    /// <summary>The axis in memory of a logical axis.</summary>
    /// <param name="axis">Logical axis, 0 ≤ axis &lt; rank.</param>
    /// <returns>The physical axis.</returns>
    public int PhysicalAxis(int axis)
    {
        if (Layout == Layout.RowMajor || Rank < 3 || axis == 0) return axis;
        return axis == 1 ? Rank - 1 : axis - 1;
    }

    /// <summary>The same value in another layout.</summary>
    /// <param name="layout">The layout.</param>
    /// <returns>The value type.</returns>
    public TensorType In(Layout layout) => new(ElementType, _dimensions, layout, Constant);

    /// <summary>Element type and logical shape.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{ElementType}[{string.Join(",", _dimensions)}]";
}
