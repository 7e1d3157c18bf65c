using System.Numerics;
using Subbyte.Lowering;

namespace Subbyte.Methods.NbSmt;

/// <summary>
/// The lowering (section 9): a thread's product depends on how many partners are active, and a partner is active when its activation and its
/// weight are not zero. Weights are therefore sorted by which of their partners' weights are not zero; for those with the same ones the number
/// depends on activations alone, and each product of the policy is a product of an activation code and a weight code. Nearly all weights have
/// all their partners, and products that no weight needs are left out.
/// </summary>
/// <param name="policy">What is squeezed in a collision.</param>
/// <param name="threads">Which elements share a multiplier.</param>
internal sealed class NbSmtProducts(SqueezePolicy policy, ThreadArrangement threads)
{
    private readonly List<(CodeKey Key, short[] Weights)> _products = [];

    /// <summary>The products of a layer.</summary>
    /// <param name="codes">Weight codes [outputs][depth].</param>
    /// <param name="layer">The layer.</param>
    /// <param name="range">Range of the base codes.</param>
    /// <returns>At least one product.</returns>
    public IReadOnlyList<ProductTerm> Terms(short[] codes, DotProductLayer layer, CodeRange range)
    {
        if (threads.Threads == 1) return [new ProductTerm(TableCode.Identity(range), codes)];
        var sets = policy.UsesIdleThreads ? VisiblePartners(codes, layer.Depth) : new byte[codes.Length];
        for (var visible = (1 << threads.Partners.Count) - 1; visible >= 0; visible--)
        {
            foreach (var product in Products(BitOperations.PopCount((uint)visible)))
                Add(visible, product, [.. codes.Select((code, i) => sets[i] == visible ? (short)product.Weight(code) : (short)0)]);
        }

        // A layer of zeros still is a product.
        if (_products.Count == 0) return [new ProductTerm(TableCode.Identity(range), codes)];
        return [.. _products.Select(product => new ProductTerm(product.Key.Code(threads, range), product.Weights))];
    }

    private void Add(int visible, PolicyProduct product, short[] weights)
    {
        if (!weights.AsSpan().ContainsAnyExcept((short)0)) return;
        var key = new CodeKey(visible, Tables(product, BitOperations.PopCount((uint)visible)));
        if (key.IsZero) return;
        var same = _products.FindIndex(other => other.Key.Equals(key));
        if (same < 0) _products.Add((key, weights));
        else for (var i = 0; i < weights.Length; i++) _products[same].Weights[i] += weights[i];
    }

    private byte[][] Tables(PolicyProduct product, int partners)
    {
        var (from, to) = policy.UsesIdleThreads ? (0, Math.Min(partners, 2)) : (1, 1);
        return [.. Enumerable.Range(from, to - from + 1).Select(busy => Enumerable.Range(0, 256).Select(x => (byte)product.Activation(busy, x)).ToArray())];
    }

    /// <summary>For each weight the rotations whose partners' weights are not zero, one bit each.</summary>
    private byte[] VisiblePartners(short[] codes, int depth)
    {
        var sets = new byte[codes.Length];
        for (var i = 0; i < codes.Length; i++)
        {
            var k = i % depth;
            for (var rotation = 0; rotation < threads.Partners.Count; rotation++)
            {
                var partner = threads.Partner(k, rotation, depth);
                if (partner >= 0 && codes[i - k + partner] != 0) sets[i] |= (byte)(1 << rotation);
            }
        }

        return sets;
    }

    /// <summary>What is multiplied where a number of partners can be active: products whose sum is the policy's for every number that is.</summary>
    private PolicyProduct[] Products(int partners)
    {
        if (partners > 1) return CrowdProducts();
        return (policy.SqueezesWeight, policy.Check) switch
        {
            (false, WidthCheck.None) => [new(w => w, (busy, x) => busy == 0 ? x : Squeeze.UpperActivation(x).Value)],
            (false, WidthCheck.Squeezed) => [new(w => w, AloneOrSqueezed)],
            (false, _) => [new(Wide, AloneOrSqueezed), new(Narrow, (_, x) => x)],
            (true, WidthCheck.Either) => [new(w => w, (_, x) => x), new(Loss, (busy, x) => busy == 0 || Squeeze.IsNarrowActivation(x) ? 0 : x)],
            _ => policy.UsesIdleThreads ? [new(w => w, (_, x) => x), new(Loss, (busy, x) => busy == 0 ? 0 : x)] : [new(w => Squeeze.Weight(w).Value, (_, x) => x)],
        };

        static int AloneOrSqueezed(int busy, int x) => busy == 0 ? x : Squeeze.Activation(x).Value;
        static int Loss(int w) => Squeeze.Weight(w).Value - w;
    }

    private PolicyProduct[] CrowdProducts()
    {
        return (policy.SqueezesWeight, policy.Check) switch
        {
            (false, WidthCheck.None) => [new(w => w, (busy, x) => Choose(busy, x, Squeeze.UpperActivation(x).Value, 0)), Crowd(_ => 0)],
            (false, WidthCheck.Squeezed) => [new(w => w, (busy, x) => Choose(busy, x, Squeeze.Activation(x).Value, 0)), Crowd(_ => 0)],
            (false, _) => [new(Wide, (busy, x) => Choose(busy, x, Squeeze.Activation(x).Value, 0)), new(Narrow, (busy, x) => Choose(busy, x, x, 0)), Crowd(_ => 0)],
            (true, WidthCheck.Either) => [new(w => w, (busy, x) => Choose(busy, x, Squeeze.IsNarrowActivation(x) ? x : 0, 0)), Crowd(x => Squeeze.IsNarrowActivation(x) ? 0 : x)],
            _ => [new(w => w, (busy, x) => Choose(busy, x, 0, 0)), Crowd(x => x)],
        };

        static int Choose(int busy, int alone, int collided, int crowded) => busy switch { 0 => alone, 1 => collided, _ => crowded };
        static PolicyProduct Crowd(Func<int, int> collided) => new(w => Squeeze.Weight(w).Value, (busy, x) => Choose(busy, 0, collided(x), Squeeze.Activation(x).Value));
    }

    private static int Narrow(int w) => Squeeze.IsNarrowWeight(w) ? w : 0;

    private static int Wide(int w) => Squeeze.IsNarrowWeight(w) ? 0 : w;

    /// <summary>One product: a code of the weights, and a code of the activations by the number of active partners.</summary>
    private sealed record PolicyProduct(Func<int, int> Weight, Func<int, int, int> Activation);

    /// <summary>An activation code to be: equal ones share a product.</summary>
    private sealed class CodeKey(int visible, byte[][] tables) : IEquatable<CodeKey>
    {
        private readonly int _visible = tables.All(table => table.AsSpan().SequenceEqual(tables[0])) ? 0 : visible;
        private readonly byte[][] _tables = tables.All(table => table.AsSpan().SequenceEqual(tables[0])) ? [tables[0]] : tables;

        public bool IsZero => _tables.All(table => table.All(code => code == 0));

        public IActivationCode Code(ThreadArrangement threads, CodeRange range)
            => _tables.Length == 1 ? new TableCode(range, code => _tables[0][code]) : new CollisionCode(threads, _visible, _tables);

        public bool Equals(CodeKey? other)
            => other is not null && _visible == other._visible && _tables.Length == other._tables.Length && _tables.Zip(other._tables).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second));

        public override bool Equals(object? obj) => Equals(obj as CodeKey);

        public override int GetHashCode() => HashCode.Combine(_visible, _tables.Length);
    }
}
