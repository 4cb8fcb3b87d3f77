using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Harmony.Testing;

/// <summary>Gateways of tests that name no storage keep their things beside the tests, not in the home of whoever runs them.</summary>
internal static class TestState
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "The tests of every project have to be redirected before the first of them runs.")]
    internal static void Redirect()
    {
        Environment.SetEnvironmentVariable("STATE_DIRECTORY", null);
        Environment.SetEnvironmentVariable("XDG_STATE_HOME", Path.Combine(AppContext.BaseDirectory, "state"));
    }
}
