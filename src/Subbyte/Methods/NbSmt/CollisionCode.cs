using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Onnx.Export;
using Subbyte.Tensors;

namespace Subbyte.Methods.NbSmt;

/// <summary>
/// The activation code of a product whose weights have the same partners at work: a base code goes through one of a few tables, chosen by how
/// many of the partners' activations are not zero. A partner that is not there is idle.
/// </summary>
public sealed class CollisionCode : IActivationCode, IOnnxExpressible
{
    private readonly ThreadArrangement _threads;
    private readonly int[][] _partners;
    private readonly byte[][] _tables;
    private readonly PartnerMap _map;

    /// <summary>The code.</summary>
    /// <param name="threads">Which elements share a multiplier.</param>
    /// <param name="visible">The rotations whose partners have weights that are not zero, one bit each.</param>
    /// <param name="tables">Codes of the 256 base codes by the number of those partners whose activation is not zero; the last holds for more.</param>
    public CollisionCode(ThreadArrangement threads, int visible, byte[][] tables)
    {
        _threads = threads;
        _partners = [.. threads.Partners.Where((_, rotation) => (visible >> rotation & 1) != 0)];
        _tables = tables;
        _map = new PartnerMap(_partners, tables);
        Range = new CodeRange(tables.Min(table => table.Min()), tables.Max(table => table.Max()));
    }

    /// <inheritdoc/>
    public CodeRange Range { get; }

    /// <inheritdoc/>
    public CodeReach Reach => _threads.Reach;

    /// <inheritdoc/>
    public int RunLength => Reach == CodeReach.Run ? _threads.RunLength : 1;

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<short> patch, int channels, Span<short> codes)
    {
        for (var k = 0; k < patch.Length; k++)
        {
            var place = k % _threads.RunLength;
            var busy = 0;
            foreach (var partners in _partners)
            {
                var partner = k - place + partners[place];
                busy += partners[place] >= 0 && partner < patch.Length && patch[partner] != 0 ? 1 : 0;
            }

            codes[k] = _tables[Math.Min(busy, _tables.Length - 1)][patch[k]];
        }
    }

    /// <inheritdoc/>
    public bool TryEncode(ReadOnlySpan<byte> patch, Span<byte> codes)
    {
        _map.Map(patch, codes);
        return true;
    }

    /// <inheritdoc/>
    public string Express(CodeGraph graph, string input, CodeShape shape)
    {
        if (Reach == CodeReach.Row) throw new NotExpressibleException("its threads lie in different parts of the patch row, which ONNX's convolution makes itself; split=channel can be written");
        if (shape.ChannelAxis != 1 || shape.ChannelsPerGroup % RunLength != 0 || _partners.Any(partners => partners.Contains(-1)))
            throw new NotExpressibleException($"{shape.ChannelsPerGroup} channels cannot be dealt to {_threads.Threads} threads without filling up");
        var zero = graph.Scalar("zero", 0);
        var busy = _partners.Select(partners => graph.Call(CollisionFunctions.CountBusy, [input, graph.Constant("partners", Channels(partners, shape.Channels)), zero]))
            .Aggregate((string?)null, (sum, partner) => sum is null ? partner : graph.Add("Add", [sum, partner])) ?? zero;
        var last = _tables.Length - 1;
        if (_partners.Length > last) busy = graph.Add("Min", [busy, graph.Scalar("last", last)]);
        return graph.Call(
            CollisionFunctions.LookUpByCount,
            [
                input,
                busy,
                graph.Scalar("entries", 256),
                graph.Constant("tables", Tensor.Of<float>([.. _tables.SelectMany(table => table).Select(code => (float)code)])),
            ]);
    }

    private static Tensor Channels(int[] partners, int channels)
        => Tensor.Of<long>([.. Enumerable.Range(0, channels).Select(c => (long)(c - (c % partners.Length) + partners[c % partners.Length]))]);
}
