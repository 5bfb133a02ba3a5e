"""The systemd unit, one for all models, and the file of each that fills it."""

from __future__ import annotations

from backends.vllm.deployment import Deployment

_APART = "--structured-outputs-config"
"""Its value has quotes, which systemd takes out of what it splits; so it has a variable of its own."""

UNIT = """\
[Unit]
Description=vLLM for qwen_structured, model %i
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=30min
StartLimitBurst=4

[Service]
Type=exec
DynamicUser=yes
StateDirectory=qwen-structured
Environment=HOME=%S/qwen-structured
Environment=HF_HOME=%S/qwen-structured/models
Environment=VLLM_CACHE_ROOT=%S/qwen-structured/cache
EnvironmentFile=/etc/qwen-structured/%i.env
EnvironmentFile=/etc/qwen-structured/key.env
ExecStart=/opt/qwen-structured/bin/vllm serve ${MODEL} $FLAGS \\
    --structured-outputs-config ${STRUCTURED_OUTPUTS}
Restart=on-failure
RestartSec=30
TimeoutStopSec=2min
LimitNOFILE=65536
NoNewPrivileges=yes
PrivateTmp=yes
ProtectHome=yes
ProtectSystem=strict
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
UMask=0077

[Install]
WantedBy=multi-user.target
"""


def environment(deployment: Deployment) -> str:
    """The file ``/etc/qwen-structured/MODEL.env``."""
    flags = list(deployment.local_flags)
    at = flags.index(_APART)
    _, structured_outputs = flags[at : at + 2]
    rest = flags[:at] + flags[at + 2 :]
    lines = {
        "MODEL": deployment.model,
        "FLAGS": f'"{" ".join(rest)}"',
        "STRUCTURED_OUTPUTS": f"'{structured_outputs}'",
        **deployment.environment,
    }
    return f"# {deployment.plan}\n" + "".join(f"{name}={value}\n" for name, value in lines.items())
