using Subbyte.Onnx.Export;
using Subbyte.Tensors;

namespace Subbyte.Lowering;

/// <summary>An elementwise activation code: a table over the base codes.</summary>
public sealed class TableCode : IActivationCode, IOnnxExpressible
{
    private readonly int _lowest;
    private readonly short[] _table;

    /// <summary>A table.</summary>
    /// <param name="baseRange">Range of the base codes.</param>
    /// <param name="map">The code of each base code; it must fit 16 bits.</param>
    public TableCode(CodeRange baseRange, Func<int, int> map)
    {
        _lowest = baseRange.Lowest;
        _table = new short[baseRange.Count];
        for (var i = 0; i < _table.Length; i++) _table[i] = checked((short)map(_lowest + i));
        Range = CodeRange.Of(_table);
    }

    /// <inheritdoc/>
    public CodeRange Range { get; }

    /// <inheritdoc/>
    public CodeReach Reach => CodeReach.Element;

    /// <inheritdoc/>
    public ReadOnlySpan<short> Table => _table;

    /// <summary>The base codes as they are.</summary>
    /// <param name="baseRange">Range of the base codes.</param>
    /// <returns>The identity.</returns>
    public static TableCode Identity(CodeRange baseRange) => new(baseRange, code => code);

    /// <summary>Whether a code leaves base codes as they are.</summary>
    /// <param name="code">The code.</param>
    /// <param name="lowest">Smallest base code.</param>
    /// <returns>True when it does.</returns>
    public static bool IsIdentity(IActivationCode code, int lowest)
    {
        if (code.Reach != CodeReach.Element) return false;
        var table = code.Table;
        for (var i = 0; i < table.Length; i++)
        {
            if (table[i] != lowest + i) return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<short> patch, int channels, Span<short> codes)
    {
        for (var k = 0; k < patch.Length; k++) codes[k] = _table[patch[k] - _lowest];
    }

    /// <inheritdoc/>
    public string Express(CodeGraph graph, string input, CodeShape shape)
    {
        if (IsIdentity(this, _lowest)) return input;
        var table = graph.Constant("table", Tensor.Of<float>(_table.Select(code => (float)code).ToArray()));
        return graph.Call(CodeFunctions.LookUp, [input, graph.Scalar("lowest", _lowest), table]);
    }
}
