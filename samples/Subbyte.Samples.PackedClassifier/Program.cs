using Subbyte;
using Subbyte.Data;
using Subbyte.Networks;
using Subbyte.Runtime;

// Classifies a folder of photos with a packed network: dotnet run -- FILE.subbyte FOLDER
if (args is not [var file, var folder])
{
    Console.Error.WriteLine("usage: FILE.subbyte FOLDER");
    return 2;
}

try
{
    using var session = SubbyteSession.Load(file, new SessionOptions { Threads = 0 });
    var network = session.Network;
    var preprocessing = Preprocessing.Parse(network.Metadata[Preprocessing.MetadataKey]);
    var photos = PreprocessedSamples.Fit(DataSpec.Open($"images:{folder}"), preprocessing, network.Values[network.Input].Dimensions.ToArray(), network.Name);
    var input = new float[session.InputLength];
    var output = new float[session.OutputLength];
    for (var photo = 0; photo < photos.Count; photo++)
    {
        photos.Read(photo, input);
        session.Run(input, output);
        var best = Enumerable.Range(0, output.Length).OrderByDescending(c => output[c]).Take(3).Select(c => $"{c} ({output[c]:0.00})");
        Console.WriteLine($"photo {photo}: {string.Join(", ", best)}");
    }

    return 0;
}
catch (Exception failure) when (failure is PackedFormatException or UserErrorException or IOException or KeyNotFoundException)
{
    Console.Error.WriteLine(failure.Message);
    return 2;
}
