using Subbyte.Data;
using Subbyte.Data.Images;

namespace Subbyte.Tests.Data.Images;

/// <summary>Photos of the shared data, decoded and scaled, beside the crops that another program made of them.</summary>
public sealed class PhotoTests
{
    [SkippableFact]
    public void PhotosBecomeTheCropsOfAnotherProgram()
    {
        var folder = SharedData.Require("imagenet-sample");
        Skip.If(TurboJpeg.Default is null, "libturbojpeg is not installed");
        var photos = DataSpec.Open($"images:{folder}");
        var crops = DataFile.ReadAll(Path.Combine(folder, "crop224.u8.gz"));
        var table = CsvTable.Read(Path.Combine(folder, "labels.csv"));
        var rows = Enumerable.Range(0, table.RowCount).Where(row => table[row, table.Column("photo_included")] == "1").ToArray();
        photos.Count.ShouldBe(24);
        var values = new float[photos.SampleLength];
        var (sum, largest) = (0.0, 0f);
        for (var i = 0; i < photos.Count; i++)
        {
            photos.Read(i, values);
            photos.Label(i).ShouldBe(table.Label(rows[i], table.Column("class"), 1000));
            for (var place = 0; place < values.Length; place++)
            {
                var (channel, pixel) = (place / (224 * 224), place % (224 * 224));
                var difference = Math.Abs(values[place] - crops[(((rows[i] * 224 * 224) + pixel) * 3) + channel]);
                (sum, largest) = (sum + difference, Math.Max(largest, difference));
            }
        }

        // Both are 0 with libjpeg-turbo 2.1; another version may round its DCT otherwise.
        (sum / photos.Count / values.Length).ShouldBeLessThan(0.05);
        largest.ShouldBeLessThanOrEqualTo(4);
    }
}
