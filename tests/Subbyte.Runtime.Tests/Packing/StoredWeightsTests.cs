using Subbyte.Calibration;
using Subbyte.Experiments.Verification;
using Subbyte.Methods;
using Subbyte.Onnx;
using Subbyte.Packing;
using Subbyte.Tests;

namespace Subbyte.Runtime.Tests.Packing;

public sealed class StoredWeightsTests
{
    [Theory]
    [InlineData(-1, 1, 2, false, 1)]
    [InlineData(-1, 1, 1, false, 2)]
    [InlineData(-1, 1, 1, true, 1.6)]
    [InlineData(0, 1, 1, false, 1)]
    [InlineData(-2, 1, 1, false, 2)]
    [InlineData(-8, 7, 1, false, 4)]
    [InlineData(-7, 7, 1, false, 4)]
    [InlineData(0, 15, 1, false, 4)]
    [InlineData(-128, 127, 1, false, 8)]
    public void Weights_come_back_and_take_as_many_bits_as_they_need(int lowest, int highest, int step, bool sharesBytes, double bits)
    {
        foreach (var count in new[] { 2, 7, 640, 1003 })
        {
            var random = new Random(count);
            var weights = new sbyte[count];
            for (var i = 0; i < count; i++) weights[i] = (sbyte)(lowest + (step * random.Next(((highest - lowest) / step) + 1)));
            (weights[0], weights[1]) = ((sbyte)lowest, (sbyte)highest);
            if (step == 1 && count > 2) weights[2] = 0;
            var stored = StoredWeights.Of(weights, sharesBytes);
            stored.Decode(count).ShouldBe(weights);
            if (count > 2) stored.Length.ShouldBe((int)Math.Ceiling(bits * count / 8));
        }
    }

    [SkippableTheory]
    [InlineData("int4", false, 4.2)]
    [InlineData("uniform:w=2,a=8", false, 2.2)]
    [InlineData("uniform:w=2,a=8", true, 1.8)]
    public void Layers_of_a_real_network_take_few_bits_a_weight_with_scales_and_biases(string recipe, bool sharesBytes, double most)
    {
        var network = OnnxNetwork.Load(SharedData.Require("models/cifar10-resnet20.onnx"));
        var samples = new NormalSamples([3, 32, 32], 4, seed: 1);
        var packed = NetworkPacker.Pack(Recipe.Parse(recipe).Apply(network, new Calibrator(samples, 4)));
        if (sharesBytes) packed = packed.SharingBytes();
        var layers = PackedNetwork.Read(packed.ToFile()).Steps.OfType<ProductStep>().Where(step => step.Format != WeightFormat.Int8).ToArray();
        layers.Length.ShouldBe(18);
        (layers.Sum(step => step.WeightBits) / (double)layers.Sum(step => step.Weights)).ShouldBeLessThan(most);
        packed.ToFile().Length.ShouldBeLessThan((int)packed.Int8Bytes);
    }
}
