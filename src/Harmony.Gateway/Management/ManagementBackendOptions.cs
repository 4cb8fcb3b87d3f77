using Harmony.Core.Configuration;

namespace Harmony.Gateway.Management;

/// <summary><c>[backends.management.options]</c>: there are none; <c>[management]</c> says it all.</summary>
public sealed record ManagementBackendOptions : ConfigNode;
