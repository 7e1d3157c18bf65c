using Subbyte.Lowering;
using Subbyte.Methods;
using Subbyte.Methods.Fpec;
using Subbyte.Tests.Lowering;

namespace Subbyte.Tests.Methods.Fpec;

public class FpecLoweringTests
{
    private const string Folder = "Methods/Fpec/";

    [Fact]
    public void Dot_products_are_those_of_the_specification()
    {
        var operands = VectorTable.Read(Folder + "operands.vectors.txt").ToDictionary(row => row["operand"], row => row.Integers("values"));
        foreach (var row in VectorTable.Read(Folder + "dot-products.vectors.txt"))
        {
            var (x, w) = Formats(row);
            var words = operands[row["tensor"]].Select(k => x.Encode(k / 256.0)).ToArray();
            var weights = operands["weights"].Select(k => w.Encode(k / 256.0)).ToArray();
            var element = FpecProcessingElement.DotProduct(words, weights);
            (element.Products, element.ActivationErrors, element.WeightErrors).ShouldBe((row.Integer("B"), row.Integer("Cx"), row.Integer("Cw")), row.ToString());
            Math.ScaleB(element.Sum(x, w), -8 - FpecFormat.SumShift(x, w)).ShouldBe(row.Number("y"), row.ToString());
            if (row["cross"] != "-") words.Zip(weights, (a, b) => a.Error * b.Error).Sum().ShouldBe(row.Integer("cross"), row.ToString());
        }
    }

    [Fact]
    public void Counts_and_integer_sums_are_those_of_the_specification()
    {
        var operands = VectorTable.Read(Folder + "operands.vectors.txt").ToDictionary(row => row["operand"]);
        foreach (var row in VectorTable.Read(Folder + "integer-forms.vectors.txt"))
        {
            var (x, w) = Formats(row);
            var words = operands[row["tensor"]].Integers("values").Select(k => x.Encode(k / 256.0)).ToArray();
            var weights = operands["weights"].Integers("values").Select(k => w.Encode(k / 256.0)).ToArray();
            var element = FpecProcessingElement.DotProduct(words, weights);
            (element.ActivationCompensations, element.WeightCompensations).ShouldBe((row.Integer("nx"), row.Integer("nw")), row.ToString());
            FpecFormat.SumShift(x, w).ShouldBe(row.Integer("S"));
            element.Sum(x, w).ShouldBe(row.Integer("Y"));
        }
    }

    [Fact]
    public void Words_of_the_operands_are_those_of_the_specification()
    {
        foreach (var row in VectorTable.Read(Folder + "operands.vectors.txt"))
        {
            foreach (var column in row.Columns.Where(column => column.StartsWith("errors", StringComparison.Ordinal) && row[column] != "-"))
            {
                var format = FpecFormats.Of(column.Contains("mode dz") ? CompensationMode.Dz : CompensationMode.D, column.EndsWith('0') ? 0 : 1, 1, 4, ZeroCode.Raw);
                var words = row.Integers("values").Select(k => format.Encode(k / 256.0)).ToArray();
                words.Select(word => word.Code).ShouldBe(row.Integers("codes"), row["operand"]);
                words.Select(word => word.Error).ShouldBe(row.Integers(column), $"{row["operand"]}, {column}");
            }
        }
    }

    [Theory]
    [InlineData(CompensationMode.N)]
    [InlineData(CompensationMode.D)]
    [InlineData(CompensationMode.Dz)]
    [InlineData(CompensationMode.Dm)]
    public void The_lowered_layer_is_the_processing_element_on_random_layers(CompensationMode mode)
    {
        for (var seed = 0; seed < 1000; seed++)
        {
            var random = new Random(seed);
            var options = RandomOptions(random, mode);
            var layer = RandomLayer(random);
            var lowered = Lower(layer, options);
            var (x, w) = (options.Activations(layer), options.Weights(layer));
            var weights = layer.Weights.ToArray().Select(weight => w.Encode(weight)).ToArray();
            var values = new float[layer.Depth];
            var base16 = new short[layer.Depth];
            var outputs = new float[layer.Outputs / layer.Groups];
            for (var group = 0; group < layer.Groups; group++)
            {
                for (var k = 0; k < values.Length; k++) values[k] = random.Next(3) == 0 ? 0 : (layer.Input.Maximum - layer.Input.Minimum) * random.NextSingle() * 1.05f + layer.Input.Minimum;
                lowered.Input!.Encode(values, base16);
                var words = values.Select(value => x.Encode(value)).ToArray();
                // A padded position among them.
                (base16[0], words[0]) = (0, default);
                LoweredReference.Evaluate(lowered, group, base16, outputs);
                for (var i = 0; i < outputs.Length; i++)
                {
                    var m = (group * outputs.Length) + i;
                    var sum = FpecProcessingElement.DotProduct(words, weights.AsSpan(m * layer.Depth, layer.Depth)).Sum(x, w);
                    (LoweredReference.Sum(lowered, lowered.Groups[0], base16, m) - lowered.Groups[0].Offsets[m]).ShouldBe(sum, $"seed {seed}, {options}");
                    var bias = (long)Math.Round(Math.ScaleB(layer.Bias.Span[m], x.Words.FractionBits + w.Words.FractionBits + FpecFormat.SumShift(x, w)), MidpointRounding.AwayFromZero);
                    if (lowered.IntegerBias is not null) lowered.Groups[0].Offsets[m].ShouldBe(bias);
                    outputs[i].ShouldBe((lowered.IntegerBias is null ? (float)sum : (float)(sum + bias)) * lowered.Groups[0].Scales[m] + lowered.Bias[m]);
                }
            }
        }
    }

    [Fact]
    public void Compensated_layers_are_two_products_and_a_plain_image_takes_one()
    {
        var layer = RandomLayer(new Random(1));
        Lower(layer, new FpecOptions()).Groups[0].Terms.Count.ShouldBe(2);
        Lower(layer, new FpecOptions { Mode = CompensationMode.N }).Groups[0].Terms.Count.ShouldBe(1);
        var image = new DotProductLayer
        {
            Name = "first",
            Index = 0,
            IsEnd = true,
            Kind = layer.Kind,
            Positions = 1,
            Outputs = layer.Outputs,
            Depth = layer.Depth,
            Weights = layer.Weights,
            Bias = layer.Bias,
            Input = layer.Input,
            Groups = layer.Groups,
            KernelHeight = layer.KernelHeight,
            KernelWidth = layer.KernelWidth,
        };
        Lower(image, new FpecOptions()).Groups[0].Terms.Count.ShouldBe(1);
    }

    [Fact]
    public void A_sum_is_the_product_of_the_words_less_that_of_their_errors()
    {
        var random = new Random(11);
        for (var i = 0; i < 500; i++)
        {
            var (x, w) = (FpecFormats.Random(random, CompensationMode.Dm), FpecFormats.Random(random, CompensationMode.Dz));
            var (a, b) = (Words(random, x), Words(random, w));
            long whole = 0, cross = 0;
            for (var k = 0; k < a.Length; k++)
            {
                whole += (((long)a[k].Code << (1 + x.ErrorShift)) + a[k].Error) * (((long)b[k].Code << (1 + w.ErrorShift)) + b[k].Error);
                cross += a[k].Error * b[k].Error;
            }

            var smaller = 1 + Math.Min(x.ErrorShift, w.ErrorShift);
            (FpecProcessingElement.DotProduct(a, b).Sum(x, w) << smaller).ShouldBe(whole - cross);
        }
    }

    internal static LoweredLayer Lower(DotProductLayer layer, FpecOptions options)
    {
        var draft = new LayerDraft(layer);
        new FpecMethod(options).Fill(draft);
        return RecipeApplication.Complete(draft);
    }

    private static FpecWord[] Words(Random random, FpecFormat format)
        => [.. Enumerable.Range(0, 20).Select(_ => format.Encode(Math.ScaleB((random.NextDouble() - 0.4) * 200, -format.Words.FractionBits)))];

    private static (FpecFormat Activations, FpecFormat Weights) Formats(VectorRow row)
    {
        var (mode, zero) = (FpecFormats.Mode(row["mode"]), FpecFormats.Zero(row["zero"]));
        return (FpecFormats.Of(mode, row.Integer("emb"), 1, 4, zero, row["tensor"] == "non-negative"), FpecFormats.Of(mode, row.Integer("emb"), 1, 4, zero));
    }

    private static FpecOptions RandomOptions(Random random, CompensationMode mode) => new()
    {
        Bits = random.Next(2, mode == CompensationMode.N ? 17 : 12),
        Mode = mode,
        MagnitudeShift = random.Next(3),
        Threshold = random.Next(3) == 0 ? -1 : random.Next(10) / 8.0,
        Zero = (ZeroCode)random.Next(3),
        Unsigned = mode != CompensationMode.N && random.Next(3) == 0,
        Percentile = random.Next(3) == 0 ? 90 : 100,
        ImageBits = random.Next(9),
        LastBits = random.Next(2, 9),
        WeightBits = random.Next(3) == 0 ? random.Next(2, 9) : 0,
        ActivationBits = random.Next(3) == 0 ? random.Next(2, 9) : 0,
        FloatBias = random.Next(4) == 0,
    };

    private static DotProductLayer RandomLayer(Random random)
    {
        var groups = random.Next(4) == 0 ? random.Next(2, 4) : 1;
        var (kernel, channels, outputs) = (random.Next(1, 4), random.Next(1, 6), groups * random.Next(1, 4));
        var depth = kernel * kernel * channels;
        var lowest = random.Next(2) == 0 ? 0 : -random.NextSingle() * 3;
        var spread = MathF.ScaleB(1, random.Next(-4, 4));
        return new DotProductLayer
        {
            Name = "layer",
            Index = random.Next(3),
            IsEnd = random.Next(3) == 0,
            Kind = groups == 1 ? LayerKind.Convolution : channels == 1 ? LayerKind.DepthwiseConvolution : LayerKind.GroupedConvolution,
            Positions = 1,
            Outputs = outputs,
            Depth = depth,
            Groups = groups,
            KernelHeight = kernel,
            KernelWidth = kernel,
            Weights = Enumerable.Range(0, outputs * depth).Select(_ => random.Next(8) == 0 ? 0 : (random.NextSingle() - 0.5f) * spread).ToArray(),
            Bias = Enumerable.Range(0, outputs).Select(_ => random.NextSingle() - 0.5f).ToArray(),
            Input = new SampleStatistics(lowest, 4 * random.NextSingle()),
        };
    }
}
