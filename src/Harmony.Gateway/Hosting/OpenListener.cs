using Harmony.Core.Modules;

namespace Harmony.Gateway.Hosting;

/// <summary>A listener and the adapter that opened it.</summary>
internal sealed record OpenListener(IProtocolAdapter Adapter, IListener Listener);
