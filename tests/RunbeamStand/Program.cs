using System.Globalization;
using System.Runtime.InteropServices;
using Harmony.Testing.Runbeam;

// RunbeamStand PORT: the stand-in of the cloud on a port of the loopback interface, until the process is told to end.
// /stand/user-token        a token of a user
// /stand/changes           POST: a change, type in the query, text in the body; GET: what became of the changes
// /stand/transforms/NAME   PUT: a specification
// /stand/pushed            what was pushed
var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
await using var stand = await RunbeamStand.StartAsync(port: int.Parse(args[0], CultureInfo.InvariantCulture), isSteered: true);
Console.WriteLine($"the stand-in of the cloud is at {stand.Url}");
await ended.Task;

void End(PosixSignalContext context)
{
    context.Cancel = true;
    ended.TrySetResult();
}
