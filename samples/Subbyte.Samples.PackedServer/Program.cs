using Subbyte.Runtime;
using Subbyte.Samples.PackedServer;

// Serves a packed network: dotnet run -- --model FILE.subbyte [--queue 64] [--urls http://localhost:5000]
var builder = WebApplication.CreateBuilder(args);
var model = builder.Configuration["model"] ?? throw new InvalidOperationException("give --model FILE.subbyte");
builder.Services.AddSingleton(_ => SubbyteSession.Load(model));
builder.Services.AddSingleton<ServerMetrics>();
builder.Services.AddSingleton(services => new Classifier(services.GetRequiredService<SubbyteSession>(), services.GetRequiredService<ServerMetrics>(), builder.Configuration.GetValue("queue", 64)));
var app = builder.Build();

// The model is read before the first request: a damaged file ends the program, not a caller's wait.
var session = app.Services.GetRequiredService<SubbyteSession>();
app.MapGet("/health", () => Results.Ok(new { status = "ready", network = session.Network.Name, inputs = session.InputLength, outputs = session.OutputLength }));
app.MapGet("/metrics", (ServerMetrics metrics) => Results.Text(metrics.ToText(), "text/plain; version=0.0.4"));
app.MapPost("/classify", async (float[] input, Classifier classifier, CancellationToken cancellation) => await classifier.RunAsync(input, cancellation));
await app.RunAsync();
