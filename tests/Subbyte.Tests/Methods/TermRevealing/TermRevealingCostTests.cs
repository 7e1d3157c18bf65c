using Subbyte.Costs;
using Subbyte.Formats;
using Subbyte.Lowering;
using Subbyte.Methods.TermRevealing;

namespace Subbyte.Tests.Methods.TermRevealing;

public class TermRevealingCostTests
{
    [Fact]
    public void PublishedPairsOfThePerceptronAreExact()
    {
        foreach (var row in VectorTable.Read("Methods/TermRevealing/costs.vectors.txt"))
        {
            var options = new TermRevealingOptions
            {
                WeightBits = row.Integer("w"),
                DataBits = row.Integer("d"),
                Group = row.Integer("group"),
                Budget = row.Integer("budget"),
                Terms = row.Integer("terms"),
                FloatData = true,
            };
            var cost = LayerCost.Sum(new[] { (784, 512), (512, 512), (512, 10) }.Select(shape => Cost(Layers.FullyConnected(shape.Item2, shape.Item1), options)));
            cost.Macs.ShouldBe(668672);
            cost.Operations["termPairs.published"].ShouldBe(row.Integer("pairs"), row.ToString());
        }
    }

    [Fact]
    public void PublishedPairsOfResNet18AreThoseOfItsMacs()
    {
        // 1,695,547,392 MACs: α·s = 2·3 a MAC against 8·8.
        var layer = Layers.Convolution(outputs: 64, channels: 64, kernel: 3, positions: 56 * 56);
        var cost = Cost(layer, new TermRevealingOptions());
        (cost.Operations["termPairs.published"] / cost.Macs * 1695547392).ShouldBe(1.0173e10, 1e6);
        (cost.Operations["termPairs.qt"] / cost.Macs * 1695547392).ShouldBe(1.0852e11, 1e7);
        (cost.Operations["termPairs.qtMagnitude"] / cost.Macs).ShouldBe(49);
    }

    [Fact]
    public void CyclesOfTheArrayAreThoseOfTheSpecification()
    {
        var layer = Layers.Convolution(outputs: 64, channels: 64, kernel: 3, positions: 56 * 56);
        var operations = Cost(layer, new TermRevealingOptions()).Operations;
        TermMacArray.Groups(layer, 8).ShouldBe(72);
        foreach (var row in VectorTable.Read("Methods/TermRevealing/cycles.vectors.txt"))
        {
            new TermMacArray().Cycles(layer, 8, row.Integer("beat")).ShouldBe(row.Integer("cycles"), row.ToString());
            operations[$"cycles.{row["element"]}"].ShouldBe(row.Integer("cycles"), row.ToString());
        }
    }

    [Fact]
    public void ShortGroupsAreChargedTheWholeBudget()
    {
        var options = new TermRevealingOptions { Tail = TailBudget.Proportional };
        var operations = Cost(Layers.Convolution(outputs: 5, channels: 10, kernel: 3, positions: 7), options).Operations;
        operations["termPairs.bound"].ShouldBe(7 * 5 * 2 * 9 * 16 * 3);
        operations["bitOperations"].ShouldBe(operations["termPairs.bound"]);
    }

    [Fact]
    public void DepthwiseLayersCountAsGroupsOfOneWeightWithAllTerms()
    {
        var layer = Layers.Convolution(outputs: 16, channels: 16, kernel: 3, positions: 49, groups: 16);
        var operations = Cost(layer, new TermRevealingOptions()).Operations;
        operations["termPairs.published"].ShouldBe(layer.Macs * 16 * 3);
        operations["termPairs.bound"].ShouldBe(layer.Macs * 16 * 3);
        operations["cycles.tmac"].ShouldBe(16 * (49 + 191) * 16 * 3);
    }

    [Fact]
    public void StorageIsAWordForEachTermAndForEachEmptyWeight()
    {
        // 8 kept terms in 4 of 8 weights; b_w = 8: words of 4 exponent bits, sign and mark; published 3 exponent bits.
        short[] codes = [-3, 12, 7, 0, 1, -9, 100, -64];
        var layer = Layers.FullyConnected(1, 8);
        var plane = new WeightPlane(codes, [1f], 8);
        var options = new TermRevealingOptions { Budget = 8 };
        var revealed = RevealedWeights.Of(layer, plane, options);
        revealed.Terms.ShouldBe(new byte[] { 1, 2, 1, 0, 0, 1, 2, 1 });
        TermRevealingCost.TermStorageBits(revealed, SignedDigitEncoding.Hese).ShouldBe((8 + 2) * 6);
        TermRevealingCost.TermStorageBits(revealed, SignedDigitEncoding.Booth2).ShouldBe((8 + 2) * 6);
        var cost = new TermRevealingCost(layer, options, [plane], [revealed], null).Start().Count(0);
        cost.WeightStorageBits.ShouldBe(60 + 32);
        cost.Operations["weightTerms"].ShouldBe(8);
        cost.Operations["weightBits.published"].ShouldBe(8 * 5);
    }

    [Fact]
    public void PublishedStorageOfThePerceptronIsThatOfItsTerms()
    {
        // 141,361 terms of four-bit weights take four bits each.
        var layer = Layers.FullyConnected(1, 1, [1]);
        var cost = Cost(layer, new TermRevealingOptions { WeightBits = 4 });
        (cost.Operations["weightBits.published"] / cost.Operations["weightTerms"] * 141361).ShouldBe(565444);
    }

    [Fact]
    public void ActualPairsAreTheMeanOverTheSamplesShown()
    {
        var layer = Layers.FullyConnected(2, 3, [1, 0, 0.5f, 0, 0, 1]);
        var counter = Lower(layer, new TermRevealingOptions()).Cost.Start();
        counter.Observe([1, 3, 0], 0);
        counter.Observe([3, 3, 3], 0);
        // 1 and 0.5 are 128 and 64: one term each. First sample: 1; second: 2 + 2 + 2.
        counter.Count(2).Operations["termPairs.actual"].ShouldBe((1 + 6) / 2.0);
    }

    private static LayerCost Cost(DotProductLayer layer, TermRevealingOptions options) => Lower(layer, options).Cost.Start().Count(0);

    private static LoweredLayer Lower(DotProductLayer layer, TermRevealingOptions options)
    {
        var draft = new LayerDraft(layer);
        var datapath = new TermRevealingDatapath(options);
        datapath.FillEmptySlots(draft);
        return datapath.Lower(draft);
    }
}
