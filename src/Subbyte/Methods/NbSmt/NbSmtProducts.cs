using System.Numerics;
using Subbyte.Lowering;

namespace Subbyte.Methods.NbSmt;

/// <summary>
/// The lowering (section 9): a thread's product depends on how many partners are active, and a partner is active when its activation and its
/// weight are not zero. Nearly all weights have partners whose weights are not zero; taken so for all of them, the number depends on activations alone,
/// and each product of the policy is a product of an activation code and a weight code. The other weights, sorted by which of their partners'
/// weights are zero, take part in one more product each, of few weights: what the codes are less there. Where a code would be zero or another product's, the
/// weights are left out or move instead.
/// </summary>
/// <param name="policy">What is squeezed in a collision.</param>
/// <param name="threads">Which elements share a multiplier.</param>
internal sealed class NbSmtProducts(SqueezePolicy policy, ThreadArrangement threads)
{
    private readonly int _everyPartner = (1 << threads.Partners.Count) - 1;

    /// <summary>The products of a layer.</summary>
    /// <param name="codes">Weight codes [outputs][depth].</param>
    /// <param name="layer">The layer.</param>
    /// <param name="range">Range of the base codes.</param>
    /// <returns>At least one product.</returns>
    public IReadOnlyList<ProductTerm> Terms(short[] codes, DotProductLayer layer, CodeRange range)
    {
        if (threads.Threads == 1) return [new ProductTerm(TableCode.Identity(range), codes)];
        DenseProduct[] products = [.. Products().Select(product => new DenseProduct(product.Activations, [.. codes.Select(code => (short)product.Weight(code))]))];
        var terms = new List<ProductTerm>();
        if (policy.UsesIdleThreads)
        {
            var sets = VisiblePartners(codes, layer.Depth);
            for (var visible = _everyPartner - 1; visible >= 0; visible--)
            {
                foreach (var product in products) Correct(product, products, sets, visible, terms);
            }
        }

        terms.InsertRange(0, products.Where(product => HasWeights(product.Weights)).Select(product => new ProductTerm(product.IsTable ? Table(range, product.Codes[0]) : new CollisionCode(threads, _everyPartner, product.Codes), product.Weights)));

        // A layer of zeros still is a product.
        return terms.Count > 0 ? terms : [new ProductTerm(TableCode.Identity(range), codes)];
    }

    /// <summary>Gives the weights whose visible partners are a set what their product is.</summary>
    private void Correct(DenseProduct product, IReadOnlyList<DenseProduct> products, byte[] sets, int visible, List<ProductTerm> terms)
    {
        if (product.IsTable) return;
        var weights = new short[sets.Length];
        for (var i = 0; i < sets.Length; i++) weights[i] = sets[i] == visible ? product.Weights[i] : (short)0;
        if (!HasWeights(weights)) return;
        var reachable = product.Codes[..Math.Min(BitOperations.PopCount((uint)visible) + 1, product.Codes.Length)];
        var other = products.FirstOrDefault(candidate => candidate.IsTable && reachable.All(table => table.AsSpan().SequenceEqual(candidate.Codes[0])));
        if (other is null && reachable.Any(table => table.AsSpan().ContainsAnyExcept((byte)0)))
        {
            terms.AddRange(Differences(visible, product.Codes).Select(code => new ProductTerm(code, weights)));
            return;
        }

        for (var i = 0; i < weights.Length; i++)
        {
            product.Weights[i] -= weights[i];
            if (other is not null) other.Weights[i] += weights[i];
        }
    }

    /// <summary>The difference, as the sum of two where one would not fit a byte: what the first partner changes, and what a second one does.</summary>
    private IEnumerable<CollisionDifference> Differences(int visible, byte[][] codes)
    {
        var whole = new CollisionDifference(threads, visible, codes);
        if (whole.Range.Count <= 256) return [whole];
        var lowest = codes[2].Zip(codes[1]).Min(pair => pair.First - pair.Second);
        byte[] nothing = [.. codes[1].Select(_ => (byte)-lowest)], second = [.. codes[2].Zip(codes[1]).Select(pair => (byte)(pair.First - pair.Second - lowest))];
        return [new(threads, visible, [codes[0], codes[1], codes[1]]), new(threads, visible, [nothing, nothing, second])];
    }

    private static TableCode Table(CodeRange range, byte[] codes) => new(range, code => codes[code]);

    private static bool HasWeights(short[] weights) => weights.AsSpan().ContainsAnyExcept((short)0);

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
                // A partner that is not there has no activation either.
                if (partner < 0 || codes[i - k + partner] != 0) sets[i] |= (byte)(1 << rotation);
            }
        }

        return sets;
    }

    /// <summary>What is multiplied by the number of active partners, 0, 1 and more: products whose sum is the policy's for every number.</summary>
    private PolicyProduct[] Products() => (policy.SqueezesWeight, policy.Check) switch
    {
        (false, WidthCheck.None) => Counted(new(w => w, [x => x, Upper, Squeezed]), new(Loss, [Nothing, Nothing, Squeezed])),
        (false, WidthCheck.Squeezed) => Counted(new(w => w, [x => x, Squeezed, Squeezed]), new(Loss, [Nothing, Nothing, Squeezed])),
        (false, _) => Counted(new(Wide, [x => x, Squeezed, Squeezed]), new(Narrow, [x => x, x => x, Squeezed]), new(Loss, [Nothing, Nothing, Squeezed])),
        (true, WidthCheck.Either) => Counted(new(w => w, [x => x, x => x, Squeezed]), new(Loss, [Nothing, x => Squeeze.IsNarrowActivation(x) ? 0 : x, Squeezed])),
        _ when policy.UsesIdleThreads => Counted(new(w => w, [x => x, x => x, Squeezed]), new(Loss, [Nothing, x => x, Squeezed])),
        _ => Counted(new PolicyProduct(w => Squeeze.Weight(w).Value, [x => x, x => x])),
    };

    /// <summary>Only numbers that occur: two threads have one partner, and a policy that does not look at zeros takes it as active.</summary>
    private PolicyProduct[] Counted(params PolicyProduct[] products)
    {
        var counts = policy.UsesIdleThreads ? ..Math.Min(threads.Threads, 3) : 1..2;
        return [.. products.Select(product => product with { Activation = product.Activation[counts] }).Where(product => product.Activations.Any(table => table.AsSpan().ContainsAnyExcept((byte)0)))];
    }

    private static int Nothing(int x) => 0;

    private static int Upper(int x) => Squeeze.UpperActivation(x).Value;

    private static int Squeezed(int x) => Squeeze.Activation(x).Value;

    private static int Loss(int w) => Squeeze.Weight(w).Value - w;

    private static int Narrow(int w) => Squeeze.IsNarrowWeight(w) ? w : 0;

    private static int Wide(int w) => Squeeze.IsNarrowWeight(w) ? 0 : w;

    /// <summary>One product: a code of the weights, and codes of the activations by the number of active partners.</summary>
    private sealed record PolicyProduct(Func<int, int> Weight, Func<int, int>[] Activation)
    {
        public byte[][] Activations => [.. Activation.Select(code => Enumerable.Range(0, 256).Select(x => (byte)code(x)).ToArray())];
    }

    /// <summary>A product of all weights: codes of the activations by the number of active partners.</summary>
    private sealed record DenseProduct(byte[][] Codes, short[] Weights)
    {
        /// <summary>Whether the number does not matter.</summary>
        public bool IsTable { get; } = Codes.All(table => table.AsSpan().SequenceEqual(Codes[0]));
    }
}
